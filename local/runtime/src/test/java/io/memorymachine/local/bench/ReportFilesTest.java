package io.memorymachine.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.local.Json;

import static org.assertj.core.api.Assertions.assertThat;

class ReportFilesTest {
    @TempDir
    Path folder;

    @Test
    void everyValueAndEveryPlotGetsAFileOfTheDay() throws IOException {
        BenchReport report = Reports.small(null);

        ReportFiles.write(report, folder.resolve("results"));

        Path results = folder.resolve("results");
        assertThat(Json.read(results.resolve("2026-01-02.json"), BenchReport.class))
                .contains(report);
        assertThat(Files.readString(results.resolve("2026-01-02-sagas.svg")))
                .startsWith("<svg")
                .contains("Sagas over their number", "last end");
    }

    @Test
    void onlyWhatIsBetweenTheMarksIsReplaced() throws IOException {
        Path page = folder.resolve("docs/page.md");
        Files.createDirectories(page.getParent());
        Files.write(page, List.of("before", "<!-- begin bench -->", "old", "<!-- end bench -->", "after"));

        ReportFiles.replace(Reports.small(null), folder.resolve("bench/results"), page);

        assertThat(Files.readAllLines(page))
                .startsWith("before", "<!-- begin bench -->")
                .endsWith("<!-- end bench -->", "after")
                .doesNotContain("old")
                .contains("![Sagas over their number](../bench/results/2026-01-02-sagas.svg)");
    }
}
