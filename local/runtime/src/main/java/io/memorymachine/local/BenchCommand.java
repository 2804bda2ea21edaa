package io.memorymachine.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.bench.Bench;
import io.memorymachine.local.bench.BenchReport;
import io.memorymachine.local.bench.BenchRun;
import io.memorymachine.local.bench.BenchSummary;
import io.memorymachine.local.bench.ReportFiles;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.system.SystemSettings;

/** Measures the pause, against what one would do otherwise. */
@Command(
        name = "bench",
        description = {
            "Measure the pause, the restore and what the product costs, and write them down.",
            "Exit status 1 if something could not be measured; a target that is not met is no failure."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--quick", description = "Each thing once, and small: whether it works, not how fast.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SECTION",
            description = "Only these: cluster, machinery, space, sagas, heap, steady.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--heaps",
            split = ",",
            paramLabel = "SIZE",
            description = "The heaps of the section heap (256m,512m,1g,2g,4g,8g).")
    private List<String> heaps = new ArrayList<>();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Write <date>.json and the plots there (bench/results in the clone, unless --quick).")
    private Path results;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the tables into this Markdown file, between its marks.")
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

    @Override
    public Integer call() {
        List<String> unknown =
                only.stream().filter(id -> !BenchRun.SECTIONS.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "there is no section " + unknown.get(0) + ": " + BenchRun.SECTIONS);
        }
        SystemContext context = new SystemContext(format);
        return context.alone(() -> measure(context));
    }

    private int measure(SystemContext context) {
        context.refuseWhatUpStarted();
        BenchRun run = new BenchRun(bench(context), Instant.now());
        Runnable dismiss = context.takeDownWhenInterrupted();
        try {
            run.run(only.isEmpty() ? BenchRun.SECTIONS : only);
        } catch (RuntimeException e) {
            run.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        if (context.ending()) {
            return Mm.FAILED;
        }
        context.removeRemains();
        dismiss.run();
        BenchReport found = run.report();
        write(context, found);
        return found.complete() ? 0 : Mm.FAILED;
    }

    private void write(SystemContext context, BenchReport found) {
        if (format == OutputFormat.json) {
            Console.standard().line(Json.text(found));
        } else {
            BenchSummary.lines(found).forEach(context.console()::line);
        }
        Path folder = results != null
                ? results
                : quick
                        ? context.directory().root().resolve("bench")
                        : context.installation().root().resolve("bench/results");
        ReportFiles.write(found, folder);
        context.console().line("Results: " + folder);
        if (report != null) {
            ReportFiles.replace(found, folder, report);
        }
    }

    private Bench bench(SystemContext context) {
        return new Bench(
                quick,
                heaps.stream().map(Amounts::bytes).toList(),
                context.directory(),
                context.installation(),
                rootfs(context),
                context.processes(),
                context.console(),
                new ContextSystems(context, ports));
    }

    private static Path rootfs(SystemContext context) {
        try {
            return HazelcastImage.build(
                            context.directory().images(),
                            Path.of(System.getProperty("java.home")),
                            HazelcastImage.hazelcastJar())
                    .rootfs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Systems of the run directory. */
    private record ContextSystems(SystemContext context, SystemOptions.PortChoice ports) implements Bench.Systems {
        @Override
        public void with(SystemSettings settings, Bench.Work work) {
            context.removeRemains();
            context.start(settings);
            work.on(settings);
        }

        @Override
        public SystemSettings settings(int members, long heapBytes, long volumeBytes) {
            return Experiment.settings(ports, members, heapBytes, volumeBytes);
        }
    }
}
