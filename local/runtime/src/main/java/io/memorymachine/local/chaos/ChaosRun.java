package io.memorymachine.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;

/** Runs cells one after the other on a system that is up; a cell that fails is healed and the next one begins. */
public final class ChaosRun {
    private static final int ENTRIES = 2000;
    private static final int VALUE_BYTES = 100;

    private final Stage stage;

    /** A run on the system of a run directory. */
    public ChaosRun(
            RunDirectory directory,
            Installation installation,
            SystemSettings settings,
            Processes processes,
            Console console) {
        this.stage = new Stage(directory, installation, settings, processes, console, Map.of());
    }

    /**
     * Runs the cells that a matrix hands out until there is none left.
     *
     * @throws ChaosException if this system cannot go on; the results until then are the matrix's
     */
    public void run(MatrixRun matrix) {
        try (ClusterWatch watch =
                        new ClusterWatch(stage.directory(), stage.settings().members()).start();
                StepHold hold = new StepHold(stage.starter()::database)) {
            TestData data = new TestData(
                    name -> DemoClients.connect(
                            watch.running().stream()
                                    .map(MemberPlacement::address)
                                    .toList(),
                            name),
                    ENTRIES,
                    VALUE_BYTES);
            Baseline baseline = new Baseline(stage, hold, watch, data);
            hold.install();
            baseline.take();
            CellRunner runner = new CellRunner(stage, hold, watch, data, baseline);
            Optional<MatrixRun.Turn> turn = matrix.next();
            while (turn.isPresent()) {
                MatrixRun.Turn taken = turn.get();
                CellResult result = attempt(runner, taken);
                stage.requireStanding();
                matrix.over(taken, result);
                String healed = baseline.heal();
                if (!healed.isEmpty()) {
                    matrix.healed(taken, healed);
                }
                turn = matrix.next();
            }
            hold.uninstall();
        } catch (SQLException | IOException e) {
            throw new ChaosException("the matrix cannot go on: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", e);
        }
    }

    /** A defect of one cell is no reason to leave the others out. */
    private CellResult attempt(CellRunner runner, MatrixRun.Turn turn)
            throws SQLException, InterruptedException, IOException {
        Cell cell = turn.cell();
        long from = System.nanoTime();
        try {
            return runner.run(cell, turn.number());
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
}
