package io.memorymachine.local.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BenchSummaryTest {
    @Test
    void tablesAreFollowedByTheTargets() {
        List<String> lines = BenchSummary.lines(Reports.small(null));

        assertThat(lines).containsSubsequence("Sagas without their work", "Sagas");
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("A saga").endsWith("met"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("Ten").endsWith("NOT MET"));
        assertThat(lines).noneMatch(line -> line.startsWith("FAILED"));
    }

    @Test
    void whyARunEndedEarlyIsSaid() {
        BenchReport report = Reports.small("the disk is full");

        assertThat(BenchSummary.lines(report)).endsWith("FAILED the disk is full");
        assertThat(BenchSummary.markdown(report, "plots").get(0))
                .contains("2026-01-02, Linux 6.18, 2 processors (a processor), 8.0 GiB of memory, Java 17")
                .endsWith("Not all of it was measured: the disk is full");
    }

    @Test
    void thePageHoldsEverySectionWithItsTablesAndPlots() {
        assertThat(BenchSummary.markdown(Reports.small(null), "plots"))
                .containsSubsequence(
                        "| A saga | under 120 ms | 90.5 ms | met |",
                        "| Ten | under 300 ms | 400 ms | **not met** |",
                        "### Sagas without their work",
                        "Asked for over HTTP.",
                        "Sagas:",
                        "| At a time | Last end |",
                        "| 1 | 90.5 |",
                        "![Sagas over their number](plots/2026-01-02-sagas.svg)");
    }
}
