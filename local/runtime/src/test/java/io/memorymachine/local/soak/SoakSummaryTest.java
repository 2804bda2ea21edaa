package io.memorymachine.local.soak;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SoakSummaryTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void whatHasGrownIsNamed() {
        SoakReport report = report(
                new Growth("MACHINE", "mounts", 4, 5, Figure.MACHINE.tolerance(), true),
                new Growth("HEAP", "kafka", 64L << 20, 65L << 20, Figure.HEAP.tolerance(), false));

        assertThat(SoakSummary.lines(report))
                .contains("GREW machine of mounts", "12 cycles of 6.0 s each, 1 figures have grown, in 72.0 s");
        assertThat(SoakSummary.markdown(report))
                .contains(
                        "| machine | mounts | 4 | 5 | 0 | GREW |",
                        "| heap | kafka | 64.0 MiB | 65.0 MiB | 15 % + 8 MiB | ok |");
    }

    @Test
    void tooFewCyclesAreSaidToBeSo() {
        assertThat(SoakSummary.lines(report())).contains("12 cycles of 6.0 s each, too few to compare, in 72.0 s");
    }

    private static SoakReport report(Growth... growths) {
        return new SoakReport(
                SoakReport.FORMAT,
                AT,
                72_000,
                "2 processors",
                false,
                12,
                List.of(5_000L, 7_000L),
                null,
                List.of(growths));
    }
}
