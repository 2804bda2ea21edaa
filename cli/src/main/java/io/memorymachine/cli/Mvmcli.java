package io.memorymachine.cli;

import java.io.PrintWriter;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import io.memorymachine.cli.command.ClusterSnapCommand;
import io.memorymachine.cli.command.CompleteCommand;
import io.memorymachine.cli.command.CompletionCommand;
import io.memorymachine.cli.command.DoctorCommand;
import io.memorymachine.cli.command.ExplainCommand;
import io.memorymachine.cli.command.LicenseCommand;
import io.memorymachine.cli.command.ListCommand;
import io.memorymachine.cli.command.UsageCommand;
import io.memorymachine.cli.command.VersionCommand;
import io.memorymachine.client.Api;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.UnreachableException;

/** The command {@code kubectl mvmcli}. */
@Command(
        name = Mvmcli.NAME,
        description = "Memory Machine: snapshots of running clusters, and their way back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UsageCommand.class,
            ListCommand.class,
            ClusterSnapCommand.class,
            LicenseCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            CompletionCommand.class,
            CompleteCommand.class,
            VersionCommand.class
        },
        mixinStandardHelpOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:an error that none of the others describes",
            "2:the command line is wrong, or the service does not accept the request",
            "3:there is no such thing",
            "4:refused as things are now: busy, in use, exists already, full",
            "5:the caller may not, or the licence does not cover it",
            "6:a service does not answer, or cannot now",
            "7:the operation began and failed, was cancelled or was rolled back",
            "130:interrupted; an operation that was watched goes on"
        })
public final class Mvmcli {
    /** The program's name; kubectl finds it as its plugin {@code mvmcli}. */
    public static final String NAME = "kubectl-mvmcli";

    private final Environment environment;

    @Mixin
    private Connection connection;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this text.")
    private boolean help;

    private Api api;

    Mvmcli(Environment environment) {
        this.environment = environment;
    }

    /** Runs the command and exits with its status. */
    public static void main(String[] args) {
        int status = run(Environment.ofProcess(), args);
        HttpThreads.end();
        System.exit(status);
    }

    /** Runs the command and returns its status. */
    public static int run(Environment environment, String... args) {
        return commandLine(environment).execute(args);
    }

    /** The command with everything that belongs to it. */
    public static CommandLine commandLine(Environment environment) {
        CommandLine line = new CommandLine(new Mvmcli(environment));
        line.setOut(environment.out())
                .setErr(environment.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(environment.terminal())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        environment.terminal()
                                        && environment.variable("NO_COLOR").isEmpty()
                                ? CommandLine.Help.Ansi.ON
                                : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((wrong, args) -> misunderstood(environment, wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(environment, failure));
        return line;
    }

    /** What surrounds this run. */
    public Environment environment() {
        return environment;
    }

    /** The services of the installation that was chosen; chosen at the first call. */
    public synchronized Api api() {
        if (api == null) {
            api = new Api(connection.choose(environment));
        }
        return api;
    }

    /** Says what is wrong and where the help is; the help itself would hide it. */
    private static int misunderstood(Environment environment, ParameterException wrong) {
        PrintWriter err = environment.err();
        err.println("error: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName().replaceFirst(NAME, "kubectl mvmcli");
        err.println("  See: " + command + " --help");
        err.flush();
        return ExitCode.USAGE;
    }

    private static int failed(Environment environment, Exception failure) {
        PrintWriter err = environment.err();
        int status = ExitCode.FAILED;
        if (failure instanceof ProblemException refused) {
            status = ExitCode.of(refused);
            report(err, refused.reason(), refused.getMessage());
        } else if (failure instanceof FailedException failed) {
            status = failed.exitCode();
            report(err, failed.reason(), failed.getMessage());
        } else if (failure instanceof UnreachableException) {
            status = ExitCode.UNAVAILABLE;
            report(err, "", failure.getMessage());
            err.println("  Find out what is missing: kubectl mvmcli doctor");
        } else {
            report(err, "", failure.toString());
        }
        if (environment.variable("MM_DEBUG").isPresent()) {
            failure.printStackTrace(err);
        }
        err.flush();
        return status;
    }

    private static void report(PrintWriter err, String reason, String message) {
        err.println("error: " + (reason.isEmpty() ? "" : reason + ": ") + message);
        Problems.advice(reason).ifPresent(advice -> {
            err.println("  " + advice);
            err.println("  More: kubectl mvmcli explain " + reason);
        });
    }
}
