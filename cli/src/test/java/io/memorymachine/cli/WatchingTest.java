package io.memorymachine.cli;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The progress of an operation, over streams that hold and streams that do not. */
class WatchingTest {
    @TempDir
    Path directory;

    private RecordedServices services;

    @BeforeEach
    void start() {
        services = new RecordedServices(directory).filled();
    }

    @AfterEach
    void stop() {
        services.close();
    }

    @Test
    void eachStepIsToldOnceHoweverOftenTheStreamBreaksOff() {
        List<String> whole = steps(Run.of(directory, "clustersnap", "watch", "hz-snap-test"));
        services.breakStreamsOff();

        Run run = Run.of(directory, "clustersnap", "watch", "hz-snap-test");

        assertThat(run.status()).isEqualTo(ExitCode.OK);
        assertThat(steps(run)).isEqualTo(whole).hasSize(7);
        assertThat(run.out()).contains("the connection broke off, trying again");
        assertThat(services.asked())
                .filteredOn(request -> request.endsWith("/events"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void howFarAStepIsIsShownOnATerminalAndNowhereElse() {
        Run shown = Run.onTerminal(directory, "clustersnap", "watch", "hz-snap-test");
        Run piped = Run.of(directory, "clustersnap", "watch", "hz-snap-test");

        assertThat(shown.out()).contains("[########--------]  50% of 1.0Gi");
        assertThat(piped.out()).doesNotContain("50%").doesNotContain("\u001b");
        assertThat(steps(piped)).hasSize(7);
    }

    @Test
    void whatMachinesReadStandsAloneOnStandardOutput() {
        Run run = Run.of(directory, "clustersnap", "create", "new", "-n", "demo", "--statefulset", "hz", "-o", "name");

        assertThat(run.out()).isEqualTo("clustersnap/new\n");
        assertThat(run.err()).contains("capture").contains("seal");
    }

    @Test
    void anOperationThatFailsEndsWithItsReasonAndAStatusOfItsOwn() {
        Run run = Run.of(directory, "clustersnap", "create", "failing", "-n", "demo", "--statefulset", "hz");

        assertThat(run.status()).isEqualTo(ExitCode.OPERATION_FAILED);
        assertThat(run.out()).contains("XX  quiesce").contains("ok  resume-first");
        assertThat(run.err()).startsWith("error: QUIESCE_LEASE_EXPIRED: snapshot failing is failed");
    }

    @Test
    void anOperationThatIsNotThereIsNotWaitedFor() {
        Run run = Run.of(directory, "clustersnap", "watch", "nobody");

        assertThat(run.status()).isEqualTo(ExitCode.NOT_FOUND);
    }

    private static List<String> steps(Run run) {
        return run.out().lines().filter(line -> line.startsWith("  ok")).toList();
    }
}
