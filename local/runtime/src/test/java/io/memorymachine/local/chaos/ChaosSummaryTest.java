package io.memorymachine.local.chaos;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChaosSummaryTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private static final CellResult GOOD = new CellResult(
            "snapshot",
            "capture",
            "kill-pmem",
            "completed",
            List.of("completed"),
            "it goes on",
            List.of(),
            6_500,
            800,
            10,
            9_000);

    private static final CellResult BAD = new CellResult(
            "restore",
            "verify",
            "flipped-byte",
            "completed",
            List.of("failed IMAGE_CORRUPT"),
            "refused",
            List.of("completed is not an outcome that is allowed", "1 locks of the workload"),
            1_000,
            0,
            10,
            2_000);

    @Test
    void theTableHasARowForEachCellAndBelowItWhatDidNotHold() {
        List<String> lines = ChaosSummary.lines(report(false, null, GOOD, BAD));

        assertThat(lines)
                .anyMatch(line -> line.matches("snapshot +capture +kill-pmem +completed +6\\.5 s +0\\.8 s +ok"));
        assertThat(lines)
                .contains(
                        "FAILED restore/verify/flipped-byte: completed is not an outcome that is allowed",
                        "FAILED restore/verify/flipped-byte: 1 locks of the workload",
                        "2 cells, 1 failed, in 12.0 s");
    }

    @Test
    void whatKeptTheRunFromItsEndIsSaid() {
        assertThat(ChaosSummary.lines(report(false, "the database does not start", GOOD)))
                .contains("FAILED the database does not start");
    }

    @Test
    void markdownSaysWhenAndWhereAndWhyAnOutcomeIsRight() {
        assertThat(ChaosSummary.markdown(report(false, null, GOOD, BAD)))
                .containsExactly(
                        "2026-01-02, 2 processors: 2 cells, 1 failed, in 12.0 s",
                        "",
                        "| Saga | Step | Fault | Outcome | Ended after | Passive | Why |",
                        "| --- | --- | --- | --- | --- | --- | --- |",
                        "| snapshot | capture | kill-pmem | completed | 6.5 s | 0.8 s | it goes on |",
                        "| restore | verify | flipped-byte | **completed** | 1.0 s | 0.0 s |"
                                + " completed is not an outcome that is allowed; 1 locks of the workload |");
    }

    private static ChaosReport report(boolean succeeded, String failure, CellResult... cells) {
        return new ChaosReport(ChaosReport.FORMAT, AT, 12_000, "2 processors", succeeded, failure, List.of(cells));
    }
}
