package io.memorymachine.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.host.Hardware;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;

/** Runs cells one after the other on a system that is up; a cell that fails is healed and the next one begins. */
public final class ChaosRun {
    private static final int ENTRIES = 2000;
    private static final int VALUE_BYTES = 100;

    private final Stage stage;
    private final Console console;
    private final Instant startedAt = Instant.now();
    private final List<CellResult> results = new ArrayList<>();
    private String failure;

    /** A run on the system of a run directory. */
    public ChaosRun(
            RunDirectory directory,
            Installation installation,
            SystemSettings settings,
            Processes processes,
            Console console) {
        this.console = console;
        this.stage = new Stage(directory, installation, settings, processes, console, Map.of());
    }

    /**
     * Runs cells by name.
     *
     * @throws ChaosException if the matrix cannot go on; what was found until then is in the report
     */
    public void run(List<String> names) {
        List<Cell> cells =
                Cell.all().stream().filter(cell -> names.contains(cell.name())).toList();
        TestData data = new TestData(stage.settings(), ENTRIES, VALUE_BYTES);
        try (ClusterWatch watch =
                        new ClusterWatch(stage.directory(), stage.settings().members()).start();
                StepHold hold = new StepHold(stage.starter()::database)) {
            Baseline baseline = new Baseline(stage, hold, watch, data);
            hold.install();
            baseline.take();
            CellRunner runner = new CellRunner(stage, hold, watch, data, baseline);
            for (int i = 0; i < cells.size(); i++) {
                CellResult result = attempt(runner, cells.get(i), i);
                results.add(result);
                show(i + 1, cells.size(), result);
                String healed = baseline.heal();
                if (!healed.isEmpty()) {
                    console.note("", healed);
                }
            }
            hold.uninstall();
        } catch (SQLException | IOException e) {
            throw new ChaosException("the matrix cannot go on: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", e);
        }
    }

    /** Something kept the run from its end. */
    public void failed(String why) {
        failure = why;
    }

    /** What was found until now. */
    public ChaosReport report() {
        return new ChaosReport(
                ChaosReport.FORMAT,
                startedAt,
                Duration.between(startedAt, Instant.now()).toMillis(),
                Hardware.here().describe(),
                failure == null && !results.isEmpty() && results.stream().allMatch(CellResult::passed),
                failure,
                List.copyOf(results));
    }

    /** A defect of one cell is no reason to leave the others out. */
    private CellResult attempt(CellRunner runner, Cell cell, int number)
            throws SQLException, InterruptedException, IOException {
        long from = System.nanoTime();
        try {
            return runner.run(cell, number);
        } catch (RuntimeException | SQLException e) {
            Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
            return new CellResult(
                    cell.saga().label(),
                    cell.step(),
                    cell.fault().label(),
                    "broken off",
                    Expectation.of(cell).outcomes(),
                    Expectation.of(cell).why(),
                    List.of("broken off: " + cause),
                    (System.nanoTime() - from) / 1_000_000,
                    0,
                    -1,
                    (System.nanoTime() - from) / 1_000_000);
        }
    }

    private void show(int number, int of, CellResult result) {
        String line = number + "/" + of + " " + result.name();
        String times = result.outcome() + ", " + result.millis() + " ms, passive " + result.passiveMillis()
                + " ms, cell " + Console.seconds(Duration.ofMillis(result.totalMillis()));
        if (result.passed()) {
            console.done(line, times);
        } else {
            console.failed(line, times);
            result.violations().forEach(violation -> console.line("        " + violation));
        }
    }
}
