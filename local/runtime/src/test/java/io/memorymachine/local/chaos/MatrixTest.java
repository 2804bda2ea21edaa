package io.memorymachine.local.chaos;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class MatrixTest {
    @ParameterizedTest
    @EnumSource(SagaKind.class)
    void everyProcessAMemberAndACancelMeetsEveryStep(SagaKind saga) {
        for (String step : saga.steps()) {
            Set<Fault> faults = Cell.all().stream()
                    .filter(cell -> cell.saga() == saga && cell.step().equals(step))
                    .map(Cell::fault)
                    .collect(Collectors.toSet());
            assertThat(faults)
                    .as(step)
                    .contains(
                            Fault.KILL_LICENSE,
                            Fault.KILL_PMEM,
                            Fault.KILL_SNAPSHOT,
                            Fault.KILL_RESTORE,
                            Fault.KILL_KAFKA,
                            Fault.KILL_POSTGRES,
                            Fault.KILL_MEMBER,
                            Fault.CANCEL);
        }
    }

    @Test
    void everyFaultOccursAndNoCellTwice() {
        assertThat(Cell.all()).doesNotHaveDuplicates();
        assertThat(Cell.all()).extracting(Cell::fault).contains(Fault.values());
    }

    @Test
    void everyCellHasOutcomesThatAreAllowedAndAReason() {
        assertThat(Cell.all()).allSatisfy(cell -> {
            assertThat(Expectation.of(cell).outcomes()).isNotEmpty().doesNotContain("not over");
            assertThat(Expectation.of(cell).why()).isNotBlank();
        });
    }

    @Test
    void theReducedMatrixHoldsEachProcessAMemberACancelAFullVolumeAndADamagedImage() {
        assertThat(Cell.reduced())
                .extracting(Cell::fault)
                .contains(
                        Fault.KILL_LICENSE,
                        Fault.KILL_PMEM,
                        Fault.KILL_SNAPSHOT,
                        Fault.KILL_RESTORE,
                        Fault.KILL_KAFKA,
                        Fault.KILL_POSTGRES,
                        Fault.KILL_MEMBER,
                        Fault.CANCEL,
                        Fault.VOLUME_FULL,
                        Fault.FLIPPED_BYTE);
        assertThat(Cell.all()).containsAll(Cell.reduced());
    }

    @ParameterizedTest
    @CsvSource({
        "snapshot/capture/kill-pmem, true",
        "snapshot/capture/*, true",
        "snapshot/*/kill-pmem, true",
        "snapshot, true",
        "*/capture, true",
        "snapshot/capture/kill, false",
        "snapshot/cap*/kill-p*, true",
        "snap, false",
        "restore/*, false",
        "snapshot*kill-pmem, false"
    })
    void aPatternNamesWholePartsAndAStarAnythingWithinOne(String pattern, boolean matches) {
        Cell cell = new Cell(SagaKind.SNAPSHOT, "capture", Fault.KILL_PMEM);

        assertThat(cell.matches(pattern)).isEqualTo(matches);
    }

    @Test
    void aStepIsFilledUpBeforeItBeginsAndAnImageDamagedBeforeTheRequest() {
        assertThat(Injector.heldStep(new Cell(SagaKind.SNAPSHOT, "capture", Fault.VOLUME_FULL)))
                .isEqualTo("quiesce");
        assertThat(Injector.heldStep(new Cell(SagaKind.RESTORE, "verify", Fault.FLIPPED_BYTE)))
                .isNull();
        assertThat(Injector.heldStep(new Cell(SagaKind.RESTORE, "verify", Fault.KILL_PMEM)))
                .isEqualTo("verify");
    }

    @Test
    void aSelectionKeepsTheOrderOfTheMatrix() {
        List<String> selected = Matrix.select(List.of("restore/verify", "snapshot/capture/cancel"), false);

        assertThat(selected).startsWith("snapshot/capture/cancel").contains("restore/verify/missing-file");
        assertThat(Matrix.select(List.of("nowhere/*"), false)).isEmpty();
    }
}
