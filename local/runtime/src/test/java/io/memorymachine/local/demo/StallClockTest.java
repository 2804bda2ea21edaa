package io.memorymachine.local.demo;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.demo.StallClock.Stall;

import static org.assertj.core.api.Assertions.assertThat;

class StallClockTest {
    private final StallClock clock = new StallClock(0);

    @Test
    void theLongestGapBetweenSuccessesIsKept() {
        clock.success(micros(10));
        clock.success(micros(250));
        clock.success(micros(260));

        assertThat(clock.stall(Phase.STEADY, micros(261))).isEqualTo(new Stall(3, 240, Map.of(), 0));
    }

    @Test
    void aGapThatReachesIntoAPhaseCountsInFullForBoth() {
        clock.success(micros(10));
        clock.enter(Phase.SNAPSHOT);
        clock.success(micros(110));
        clock.success(micros(115));

        assertThat(clock.stall(Phase.STEADY, micros(120)).longestMicros()).isEqualTo(100);
        assertThat(clock.stall(Phase.SNAPSHOT, micros(120)).longestMicros()).isEqualTo(100);
        assertThat(clock.stall(Phase.RESTORE, micros(120)).longestMicros()).isZero();
    }

    @Test
    void aGapThatIsOpenCountsAsFarAsItHasCome() {
        clock.enter(Phase.RESTORE);

        assertThat(clock.stall(Phase.RESTORE, micros(700)).longestMicros()).isEqualTo(700);
    }

    @Test
    void errorsAndWrongReadsAreCountedInTheirPhase() {
        clock.enter(Phase.SNAPSHOT);
        clock.error("IllegalStateException");
        clock.error("IllegalStateException");
        clock.wrongRead();
        clock.enter(Phase.STEADY);
        clock.error("TargetDisconnectedException");

        Stall snapshot = clock.stall(Phase.SNAPSHOT, 0);

        assertThat(snapshot.errors()).containsExactly(Map.entry("IllegalStateException", 2L));
        assertThat(snapshot.errorCount()).isEqualTo(2);
        assertThat(snapshot.wrongReads()).isEqualTo(1);
        assertThat(clock.stall(Phase.STEADY, 0).errorCount()).isEqualTo(1);
    }

    private static long micros(long micros) {
        return micros * 1000;
    }
}
