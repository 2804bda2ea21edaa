package io.memorymachine.local.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GrowthTest {
    private static final long MIB = 1L << 20;

    @Test
    void whatIsLostInEveryCycleHasGrownAfterAHundred() {
        assertThat(grown(Figure.DESCRIPTORS, cycle -> 200 + cycle)).isTrue();
        assertThat(grown(Figure.HEAP, cycle -> 40 * MIB + cycle * MIB)).isTrue();
        assertThat(grown(Figure.ROWS, cycle -> 30 + cycle)).isTrue();
        assertThat(grown(Figure.DISK, cycle -> 10 * MIB + cycle * MIB / 10)).isTrue();
    }

    @Test
    void oneMountMoreHasGrown() {
        assertThat(grown(Figure.MACHINE, cycle -> cycle < 100 ? 4 : 5)).isTrue();
    }

    @Test
    void whatVariesByChanceHasNotGrown() {
        assertThat(grown(Figure.DESCRIPTORS, cycle -> 200 + cycle % 7)).isFalse();
        assertThat(grown(Figure.RESIDENT, cycle -> 300 * MIB + cycle % 10 * MIB))
                .isFalse();
    }

    @Test
    void whatHappenedBetweenTheTenthAndTheLastCycleIsNotCompared() {
        assertThat(grown(Figure.ROWS, cycle -> cycle == 10 || cycle == 100 ? 3 : 50 * cycle))
                .isFalse();
    }

    @Test
    void whatBecomesLessHasNotGrown() {
        assertThat(grown(Figure.MACHINE, cycle -> 200 - cycle)).isFalse();
    }

    @Test
    void aTableThatWasNotThereAtTheTenthCycleCountsFromNothing() {
        List<Measurement> cycles = cycles(Figure.ROWS, cycle -> 0);
        cycles.get(99).with(Figure.ROWS, "snapshot.new", 1000);

        assertThat(Growth.between(cycles))
                .filteredOn(growth -> growth.whose().equals("snapshot.new"))
                .singleElement()
                .satisfies(growth -> assertThat(growth.grew()).isTrue());
    }

    @Test
    void tenCyclesAreTooFewToCompare() {
        List<Measurement> ten = cycles(Figure.ROWS, cycle -> 1).subList(0, 10);

        assertThatThrownBy(() -> Growth.between(ten)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsOnlyReportedNeverFailsARun() {
        assertThat(grown(Figure.REPORTED, cycle -> cycle * MIB)).isFalse();
    }

    private static boolean grown(Figure figure, LongUnaryOperator ofCycle) {
        return Growth.between(cycles(figure, ofCycle)).get(0).grew();
    }

    private static List<Measurement> cycles(Figure figure, LongUnaryOperator ofCycle) {
        List<Measurement> cycles = new ArrayList<>();
        for (int cycle = 1; cycle <= 100; cycle++) {
            cycles.add(new Measurement().with(figure, "it", ofCycle.applyAsLong(cycle)));
        }
        return cycles;
    }
}
