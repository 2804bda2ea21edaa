package io.memorymachine.local;

import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

import com.hazelcast.core.HazelcastInstance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.client.Employees;
import io.memorymachine.local.console.Bar;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.SystemSettings;

/** A client application of the running cluster. */
@Command(
        name = "client",
        description = "Put employees into the running cluster, and count them.",
        mixinStandardHelpOptions = true,
        subcommands = {ClientCommand.Insert.class, ClientCommand.Query.class})
final class ClientCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "insert or query is wanted");
    }

    /** Which employees, and by which members the cluster is found. */
    static final class Which {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Option(
                names = "--members",
                paramLabel = "COUNT",
                description = "By how many members the cluster is looked for; all of them unless given.")
        private Integer members;

        @Option(
                names = "--department",
                paramLabel = "NAME",
                defaultValue = "engineering",
                description = "The employees' department: letters, digits and - (${DEFAULT-VALUE}).")
        private String department;

        @Option(
                names = "--count",
                paramLabel = "COUNT",
                defaultValue = "10000",
                description = "How many employees (${DEFAULT-VALUE}).")
        private int count;

        @Option(
                names = "--start",
                paramLabel = "NUMBER",
                defaultValue = "0",
                description = "The number of the first one (${DEFAULT-VALUE}).")
        private int start;

        private HazelcastInstance connect() {
            require(department.matches("[A-Za-z0-9-]{1,63}"), "a department is letters, digits and -, at most 63");
            require(count >= 1, "--count is at least 1");
            require(
                    start >= 0 && start <= Integer.MAX_VALUE - count,
                    "--start is at least 0, and the last number an int");
            SystemContext context = new SystemContext();
            SystemSettings settings = context.settings()
                    .orElseThrow(() -> new StartFailedException("no cluster runs here: ./mm up starts one"));
            int by = members == null ? settings.members() : members;
            require(by >= 1 && by <= settings.members(), "--members is 1 to " + settings.members());
            SystemSettings seen = new SystemSettings(
                    settings.ports(),
                    by,
                    settings.heapBytes(),
                    settings.volumeBytes(),
                    settings.volumeInMemory(),
                    settings.demo());
            return DemoClients.connect(seen, "client");
        }

        private IntConsumer bar(String what) {
            return new Bar(System.out, Boolean.getBoolean("mm.colour"), what, count)::reach;
        }

        private void require(boolean holds, String complaint) {
            if (!holds) {
                throw new ParameterException(spec.commandLine(), complaint);
            }
        }
    }

    /** Puts employees. */
    @Command(name = "insert", description = "Put employees of a department.", mixinStandardHelpOptions = true)
    static final class Insert implements Callable<Integer> {
        @Mixin
        private Which which;

        @Override
        public Integer call() {
            HazelcastInstance client = which.connect();
            try {
                Employees employees = new Employees(client);
                employees.insert(
                        which.department, which.start, which.count, which.bar("employees of " + which.department));
                System.out.println("The cluster has " + employees.count() + " employees.");
                return 0;
            } finally {
                client.shutdown();
            }
        }
    }

    /** Counts employees. */
    @Command(
            name = "query",
            description = "Count the employees of a department, and compare those asked for with what was put.",
            mixinStandardHelpOptions = true)
    static final class Query implements Callable<Integer> {
        @Mixin
        private Which which;

        @Override
        public Integer call() {
            HazelcastInstance client = which.connect();
            try {
                Employees employees = new Employees(client);
                int intact =
                        employees.intact(which.department, which.start, which.count, which.bar("employees looked at"));
                System.out.println(which.department + " has " + employees.count(which.department)
                        + " employees, the cluster " + employees.count() + "; " + intact + " of " + which.count
                        + " asked for are as they were put.");
                return intact == which.count ? 0 : Mm.FAILED;
            } finally {
                client.shutdown();
            }
        }
    }
}
