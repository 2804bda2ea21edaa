package io.memorymachine.local.chaos;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import io.memorymachine.local.Json;
import io.memorymachine.local.Obstacles;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.local.system.TakeDown;

import static org.assertj.core.api.Assertions.assertThat;

/** The reduced fault matrix on a system of its own, in the run directory of the end-to-end test, which is over by then. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChaosTest {
    private static final long MIB = 1L << 20;

    private final Console console = Console.standard();
    private final Installation installation = Installation.find();
    private final RunDirectory directory = RunDirectory.at(Path.of(System.getProperty("mm.test.run")));
    private final Processes processes = new Processes(directory.root());
    private final SystemSettings settings = new SystemSettings(Ports.free(), 3, 256 * MIB, 4096 * MIB, true, false);

    @BeforeAll
    void bringUp() {
        Obstacles.assumeNone(directory, installation, settings.ports());
        new SystemStarter(directory, installation, settings, processes, console).start();
    }

    @AfterAll
    void takeDownLeavesNothing() {
        TakeDown takeDown = new TakeDown(directory, new Processes(directory.root()));
        takeDown.run();

        assertThat(takeDown.troubles()).isEmpty();
        assertThat(takeDown.leftovers()).isEmpty();
    }

    @Test
    void whateverDiesTheClusterComesBackActiveAndNothingIsLost() {
        MatrixRun matrix = new MatrixRun(Matrix.select(List.of(), true), console);

        new ChaosRun(directory, installation, settings, processes, console).run(matrix);

        ChaosReport report = matrix.report();
        ChaosSummary.lines(report).forEach(console::line);
        Json.write(directory.chaosReport(), report);
        assertThat(report.cells())
                .allSatisfy(
                        cell -> assertThat(cell.violations()).as(cell.name()).isEmpty());
        assertThat(report.succeeded()).isTrue();
    }
}
