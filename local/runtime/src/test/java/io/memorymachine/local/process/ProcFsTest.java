package io.memorymachine.local.process;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcFsTest {
    @Test
    void aCommandMayHoldBlanksAndParentheses() {
        String text =
                "4711 (a ) (b) c) S 1 4711 4711 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 0 0 18446744073709551615";

        assertThat(ProcFs.parse(text)).isEqualTo(new ProcFs.Stat(4711, "a ) (b) c", 'S', 1, 1, 98765));
    }

    @Test
    void aZombieIsAliveAsLongAsAnotherThreadRuns() {
        assertThat(new ProcFs.Stat(1, "x", 'Z', 0, 1, 1).alive()).isFalse();
        assertThat(new ProcFs.Stat(1, "x", 'Z', 0, 2, 1).alive()).isTrue();
    }

    @Test
    void thisProcessIsFound() {
        long self = ProcessHandle.current().pid();

        assertThat(ProcFs.stat(self))
                .hasValueSatisfying(stat -> assertThat(stat.alive()).isTrue());
        assertThat(ProcFs.all()).extracting(ProcFs.Stat::pid).contains(self);
        assertThat(ProcFs.residentBytes(self)).isPositive();
    }

    @Test
    void thereIsNoProcessZero() {
        assertThat(ProcFs.stat(0)).isEmpty();
    }
}
