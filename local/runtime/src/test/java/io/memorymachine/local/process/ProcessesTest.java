package io.memorymachine.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProcessesTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    Path root;

    private Processes processes;

    @BeforeEach
    void create() {
        processes = new Processes(root);
    }

    @AfterEach
    void endAll() {
        processes.end(processes.recorded(), Duration.ZERO);
    }

    @Test
    void aStartedProcessIsFoundAgainByAnotherCommand() {
        ProcessRecord started = processes.start(launch("sleeper", "sleep", "600"));

        Processes later = new Processes(root);

        assertThat(later.running("sleeper")).contains(started);
        assertThat(later.marked()).extracting(ProcFs.Stat::pid).contains(started.pid());
    }

    @Test
    void aProcessThatRunsIsNotStartedTwice() {
        ProcessRecord first = processes.start(launch("sleeper", "sleep", "600"));

        assertThat(processes.start(launch("sleeper", "sleep", "600"))).isEqualTo(first);
    }

    @Test
    void anotherProcessUnderTheSamePidIsNotTakenForIt() {
        long self = ProcessHandle.current().pid();
        ProcessRecord reused = new ProcessRecord("old", self, 1, ProcFs.bootId(), List.of(), "");

        assertThat(reused.alive()).isFalse();
        processes.end(List.of(reused), Duration.ZERO);
    }

    @Test
    void aProcessThatIgnoresTheRequestIsKilled() {
        ProcessRecord stubborn =
                processes.start(launch("stubborn", "sh", "-c", "trap '' TERM; echo armed; while :; do sleep 1; done"));
        processes.awaitReady(
                stubborn, BOUND, () -> LogTail.of(Path.of(stubborn.log()), 1).contains("armed"));

        processes.end(List.of(stubborn), Duration.ofMillis(100));

        assertThat(stubborn.alive()).isFalse();
    }

    @Test
    void theEndOfAProcessIsSeenWhileItIsWaitedForAndItsLogIsQuoted() {
        ProcessRecord failing = processes.start(launch("failing", "sh", "-c", "echo no such thing; exit 3"));

        assertThatThrownBy(() -> processes.awaitReady(failing, BOUND, () -> false))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("failing ended")
                .hasMessageContaining("no such thing");
    }

    @Test
    void whatIsNotReadyInTimeFails() {
        ProcessRecord slow = processes.start(launch("slow", "sleep", "600"));

        assertThatThrownBy(() -> processes.awaitReady(slow, Duration.ofMillis(50), () -> false))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("slow is not ready");
    }

    @Test
    void nothingIsStartedAfterTheClose() {
        processes.close();

        assertThatThrownBy(() -> processes.start(launch("late", "sleep", "600")))
                .isInstanceOf(StartFailedException.class);
        assertThat(processes.recorded()).isEmpty();
    }

    private Launch launch(String name, String... command) {
        return new Launch(name, List.of(command), Map.of(), root);
    }
}
