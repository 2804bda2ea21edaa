package io.memorymachine.local.system;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SizingTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void theVolumeGrowsWithTheHeapsBeyondTheDefault() {
        assertThat(Sizing.volumeBytes(3, 512 * MIB)).isEqualTo(8 * GIB);
        assertThat(Sizing.volumeBytes(5, GIB)).isEqualTo(20 * GIB);
    }

    @Test
    void theDefaultDemoFitsIntoTwentyGibibytesAndNotIntoEight() {
        assertThat(Sizing.fitsInMemory(3, 512 * MIB, 20 * GIB, 10 * GIB)).isTrue();
        assertThat(Sizing.fitsInMemory(3, 512 * MIB, 8 * GIB, 10 * GIB)).isFalse();
        assertThat(Sizing.fitsInMemory(3, 512 * MIB, 20 * GIB, 2 * GIB)).isFalse();
    }

    @Test
    void entriesAreRefusedThatWouldNotFitTwiceIntoTheHeaps() {
        assertThat(Sizing.fitsInHeaps(3, 512 * MIB, 200_000, 1024)).isTrue();
        assertThat(Sizing.fitsInHeaps(5, GIB, 500_000, 1024)).isTrue();
        assertThat(Sizing.fitsInHeaps(3, 512 * MIB, 1_000_000, 1024)).isFalse();
    }
}
