package io.memorymachine.local;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.chaos.ChaosReport;
import io.memorymachine.local.chaos.ChaosRun;
import io.memorymachine.local.chaos.ChaosSummary;
import io.memorymachine.local.chaos.Matrix;
import io.memorymachine.local.chaos.MatrixRun;
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

    @Option(
            names = "--systems",
            paramLabel = "N",
            defaultValue = "2",
            description = {
                "How many systems run cells side by side, 1 to " + SystemContext.MOST_SYSTEMS
                        + " (${DEFAULT-VALUE}): while one waits for"
                        + " what it killed, another works. The second one's run directory is the first one's with -2"
                        + " at its end, and so on."
            })
    private int systems;

    @Option(names = "--keep", description = "Leave the first system running.")
    private boolean keep;

    @Override
    public Integer call() {
        List<String> cells = Matrix.select(only, reduced);
        if (cells.isEmpty()) {
            throw new ParameterException(command.commandLine(), "no cell matches " + only + ": see --list");
        }
        if (systems < 1 || systems > SystemContext.MOST_SYSTEMS) {
            throw new ParameterException(command.commandLine(), "--systems must be 1 to " + SystemContext.MOST_SYSTEMS);
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
        MatrixRun matrix = new MatrixRun(cells, context.console());
        int besides = Math.min(systems, cells.size()) - 1;
        context.console().section("Fault matrix: " + cells.size() + " cells on " + (besides + 1) + " systems");
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, besides));
        try {
            List<CompletableFuture<Void>> others = IntStream.range(0, besides)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> beside(context.beside(i + 2), matrix), threads))
                    .toList();
            share(context, settings, matrix);
            others.forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
        return !context.ending() && tell(context, matrix.report());
    }

    /** A part of the matrix on a system of its own, which is taken down after it. */
    private static void beside(SystemContext context, MatrixRun matrix) {
        SystemSettings settings = Experiment.settings(SystemOptions.PortChoice.free);
        String told =
                context.directory().root() + ": see " + context.directory().experiment();
        try {
            int status = context.alone(() -> new Experiment(context, settings, false).run(() -> {
                share(context, settings, matrix);
                return true;
            }));
            if (status != 0) {
                matrix.failed("the system of " + told);
            }
        } catch (RuntimeException e) {
            matrix.failed("the system of " + told + ": " + e.getMessage());
        }
    }

    /** Runs cells on a system that is up until none is left. */
    private static void share(SystemContext context, SystemSettings settings, MatrixRun matrix) {
        try {
            new ChaosRun(context.directory(), context.installation(), settings, context.processes(), context.console())
                    .run(matrix);
        } catch (RuntimeException e) {
            if (!context.ending()) {
                matrix.failed(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
    }

    private boolean tell(SystemContext context, ChaosReport found) {
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
