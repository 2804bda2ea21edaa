package io.memorymachine.local;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.MarkedSection;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.soak.SoakReport;
import io.memorymachine.local.soak.SoakRun;
import io.memorymachine.local.soak.SoakSummary;
import io.memorymachine.local.system.SystemSettings;

/** Shows that nothing grows, however often snapshots are taken and restored. */
@Command(
        name = "soak",
        description = {
            "Take a snapshot, change the data, restore, verify every entry, and delete the snapshot, again and again.",
            "Exit status 1 if a cycle fails, or if after more than 10 cycles memory, disk, file descriptors, threads,"
                    + " mounts or database rows are not where they were after cycle 10."
        },
        mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--cycles", defaultValue = "100", description = "How often (${DEFAULT-VALUE}).")
    private int cycles;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the table into this Markdown file, between its marks.")
    private Path report;

    @Option(
            names = "-o",
            defaultValue = "table",
            description = "How the result is shown: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private OutputFormat format;

    @Option(
            names = "--ports",
            defaultValue = "documented",
            description =
                    "${COMPLETION-CANDIDATES}: those that the documentation names, or any free ones (${DEFAULT-VALUE}).")
    private SystemOptions.PortChoice ports;

    @Option(names = "--keep", description = "Leave the system running.")
    private boolean keep;

    @Override
    public Integer call() {
        if (cycles < 1) {
            throw new ParameterException(command.commandLine(), "--cycles must be 1 or more");
        }
        SystemSettings settings = Experiment.settings(ports);
        SystemContext context = new SystemContext(format);
        return context.alone(() ->
                new Experiment(context, settings, keep).run(SoakRun.CONFIGURATION, () -> soak(context, settings)));
    }

    private boolean soak(SystemContext context, SystemSettings settings) {
        SoakRun run = new SoakRun(
                context.directory(), settings, context.processes(), context.database(settings), context.console());
        try {
            context.console().section("Endurance: " + cycles + " cycles");
            run.run(cycles);
        } catch (RuntimeException e) {
            if (context.ending()) {
                return false;
            }
            run.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        SoakReport found = run.report();
        Json.write(context.directory().soakReport(), found);
        if (format == OutputFormat.json) {
            Console.standard().line(Json.text(found));
        } else {
            context.console().section("Figures");
            SoakSummary.lines(found).forEach(context.console()::line);
        }
        if (report != null) {
            MarkedSection.replace(report, "soak", SoakSummary.markdown(found));
        }
        return found.succeeded();
    }
}
