package io.memorymachine.local.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.local.Json;
import io.memorymachine.local.bench.BenchReport.Plot;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.console.MarkedSection;

/** The report as files. */
public final class ReportFiles {
    private ReportFiles() {}

    /** Writes {@code <date>.json} and the plots; those of the same day are replaced. */
    public static void write(BenchReport report, Path folder) {
        try {
            Files.createDirectories(folder);
            Json.write(folder.resolve(date(report) + ".json"), report);
            for (Section section : report.sections()) {
                for (Plot plot : section.plots()) {
                    Files.writeString(folder.resolve(name(report, plot)), SvgPlot.draw(plot));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the tables into a Markdown file, between its marks, with the plots in {@code folder}. */
    public static void replace(BenchReport report, Path folder, Path page) {
        Path from = page.toAbsolutePath().getParent();
        String plots = from.relativize(folder.toAbsolutePath()).toString();
        MarkedSection.replace(page, "bench", BenchSummary.markdown(report, plots));
    }

    static String name(BenchReport report, Plot plot) {
        return date(report) + "-" + plot.id() + ".svg";
    }

    private static String date(BenchReport report) {
        return report.startedAt().toString().substring(0, 10);
    }
}
