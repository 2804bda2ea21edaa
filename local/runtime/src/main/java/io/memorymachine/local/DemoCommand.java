package io.memorymachine.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.demo.DemoOptions;
import io.memorymachine.local.demo.DemoReport;
import io.memorymachine.local.demo.DemoRun;
import io.memorymachine.local.demo.DemoSummary;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.Sizing;
import io.memorymachine.local.system.SystemSettings;

/** Shows the whole: a cluster with data, its snapshot, its destruction, its return, and every entry verified. */
@Command(
        name = "demo",
        description = "Load a cluster, snapshot it, destroy it, bring it back, and verify every entry.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private SystemOptions options;

    @Option(names = "--entries", defaultValue = "200000", description = "How many entries (${DEFAULT-VALUE}).")
    private int entries;

    @Option(
            names = "--value-bytes",
            defaultValue = "1024",
            description = "The length of each value in bytes (${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(names = "--nopause", description = "Take the snapshot without making the cluster passive.")
    private boolean nopause;

    @Option(names = "--keep", description = "Leave the system running.")
    private boolean keep;

    @Override
    public Integer call() {
        Instant startedAt = Instant.now();
        SystemSettings settings = settings();
        SystemContext context = new SystemContext();
        return context.alone(() -> demo(context, settings, startedAt));
    }

    private int demo(SystemContext context, SystemSettings settings, Instant startedAt) {
        Console console = context.console();
        removeEarlierDemo(context);
        DemoRun demo = new DemoRun(
                context.directory(), settings, new DemoOptions(entries, valueBytes, !nopause), console, startedAt);
        Runnable dismiss = context.takeDownWhenInterrupted();
        try {
            demonstrate(context, settings, demo, startedAt);
        } catch (RuntimeException e) {
            if (context.ending()) {
                // Everything is being taken away under the demonstration; the exit status is that of the signal.
                return Mm.FAILED;
            }
            demo.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        DemoReport report = demo.report();
        Json.write(context.directory().demoReport(), report);
        show(console, report);
        boolean clean = true;
        if (keep) {
            console.line("The system runs on. Look: ./mm status   End: ./mm down");
        } else {
            console.section("Taking everything down");
            clean = context.takeDown();
        }
        dismiss.run();
        conclude(context, report);
        return report.succeeded() && clean ? 0 : Mm.FAILED;
    }

    private SystemSettings settings() {
        SystemSettings settings = options.settings(true);
        if (entries < 1 || valueBytes < 1) {
            throw new ParameterException(command.commandLine(), "--entries and --value-bytes must be 1 or more");
        }
        if (!Sizing.fitsInHeaps(settings.members(), settings.heapBytes(), entries, valueBytes)) {
            throw new ParameterException(
                    command.commandLine(),
                    entries + " entries of " + valueBytes + " bytes do not fit into " + settings.members()
                            + " heaps of " + Amounts.size(settings.heapBytes()) + ": --heap or --members");
        }
        return settings;
    }

    /** What is left of a demonstration goes without asking, what somebody brought up does not. */
    private static void removeEarlierDemo(SystemContext context) {
        Optional<SystemSettings> earlier = context.settings();
        boolean running = !context.processes().marked().isEmpty();
        if (running && earlier.isPresent() && !earlier.get().demo()) {
            throw new StartFailedException("a system runs here that ./mm up started: ./mm down first");
        }
        context.removeRemains();
    }

    private static void demonstrate(SystemContext context, SystemSettings settings, DemoRun demo, Instant startedAt) {
        context.console()
                .section("Starting the system: " + settings.members() + " members of "
                        + Amounts.size(settings.heapBytes()));
        context.start(settings);
        Duration up = Duration.between(startedAt, Instant.now());
        context.console().line("  Up in " + Console.seconds(up) + ".");
        demo.run(up);
    }

    private static void show(Console console, DemoReport report) {
        console.section("Result");
        DemoSummary.lines(report).forEach(console::line);
        report.differences().forEach(difference -> console.failed(difference, ""));
    }

    private static void conclude(SystemContext context, DemoReport report) {
        Console console = context.console();
        String verdict = report.succeeded()
                ? console.styled(Console.Style.GREEN, "Every entry is back.")
                : console.styled(Console.Style.RED, "The demo failed.");
        console.line("\n" + verdict + " " + Console.seconds(Duration.ofMillis(report.totalMillis())) + ", report in "
                + context.directory().demoReport());
    }
}
