package io.memorymachine.local;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.chaos.ChaosReport;
import io.memorymachine.local.chaos.ChaosRun;
import io.memorymachine.local.chaos.ChaosSummary;
import io.memorymachine.local.chaos.Matrix;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.MarkedSection;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.system.SystemSettings;

/** Proves that whatever dies, the cluster comes back and nothing is lost. */
@Command(
        name = "chaos",
        description = {
            "Kill everything at every step of both sagas, one after the other, and check after each that the cluster is"
                    + " active, that no data, image, lock or lease is lost or left, and that nothing was done twice.",
            "Exit status 1 if anything of that does not hold."
        },
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = "Only the cells that match, such as 'snapshot/capture/*'; may be given several times.")
    private List<String> only = List.of();

    @Option(names = "--reduced", description = "Only the cells that ./mm test runs.")
    private boolean reduced;

    @Option(names = "--list", description = "Show the cells with the outcomes that are allowed, and run none.")
    private boolean list;

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
        List<String> cells = Matrix.select(only, reduced);
        if (cells.isEmpty()) {
            throw new ParameterException(command.commandLine(), "no cell matches " + only + ": see --list");
        }
        if (list) {
            Matrix.describe(cells).forEach(Console.standard()::line);
            return 0;
        }
        SystemSettings settings = Experiment.settings(ports);
        SystemContext context = new SystemContext(format);
        return context.alone(() -> new Experiment(context, settings, keep).run(() -> chaos(context, settings, cells)));
    }

    private boolean chaos(SystemContext context, SystemSettings settings, List<String> cells) {
        ChaosRun run = new ChaosRun(
                context.directory(), context.installation(), settings, context.processes(), context.console());
        try {
            context.console().section("Fault matrix: " + cells.size() + " cells");
            run.run(cells);
        } catch (RuntimeException e) {
            if (context.ending()) {
                return false;
            }
            run.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        ChaosReport found = run.report();
        Json.write(context.directory().chaosReport(), found);
        if (format == OutputFormat.json) {
            Console.standard().line(Json.text(found));
        } else {
            context.console().section("Outcomes");
            ChaosSummary.lines(found).forEach(context.console()::line);
        }
        if (report != null) {
            MarkedSection.replace(report, "chaos", ChaosSummary.markdown(found));
        }
        return found.succeeded();
    }
}
