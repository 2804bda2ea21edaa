package io.memorymachine.local;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.console.Table;
import io.memorymachine.local.system.SystemStatus;

/** Shows what runs. */
@Command(
        name = "status",
        description = "Show what runs; exit status 1 unless all of it does.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Option(names = "-o", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private OutputFormat format;

    @Override
    public Integer call() {
        SystemContext context = new SystemContext();
        SystemStatus status = SystemStatus.of(context.directory(), context.installation(), context.processes());
        if (format == OutputFormat.json) {
            context.console().line(Json.text(status));
        } else if (status.running()) {
            print(context.console(), status);
        } else {
            List<String> remains = context.remains();
            remains.forEach(context.console()::line);
            context.console()
                    .line(
                            remains.isEmpty()
                                    ? "Nothing runs here. Start: ./mm up"
                                    : "Remains of a system. End: ./mm down");
        }
        return status.complete() ? 0 : Mm.FAILED;
    }

    private static void print(Console console, SystemStatus status) {
        Table parts = new Table("PROCESS", "STATE", "PID", "MEMORY", "ADDRESS");
        status.parts()
                .forEach(part -> parts.row(
                        part.name(),
                        part.state(),
                        part.pid() == 0 ? null : part.pid(),
                        part.residentBytes() == 0 ? null : Amounts.size(part.residentBytes()),
                        part.address()));
        parts.lines().forEach(console::line);
        console.line("");
        Table members = new Table("MEMBER", "STATE", "IP", "CLUSTER", "SAFE", "SIZE");
        status.members()
                .forEach(member -> members.row(
                        member.pod(),
                        member.state(),
                        member.ip(),
                        member.clusterState(),
                        member.safe() ? "yes" : "no",
                        member.clusterSize()));
        members.lines().forEach(console::line);
        console.line("");
        console.line(
                status.volume() == null
                        ? "The pmem volume is not mounted."
                        : "pmem volume " + status.volume().path() + ": "
                                + Amounts.size(status.volume().free()) + " free of "
                                + Amounts.size(status.volume().size()));
    }
}
