package io.memorymachine.local.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.MarkdownTable;
import io.memorymachine.local.console.Table;

/** The report as text. */
public final class BenchSummary {
    private BenchSummary() {}

    /** For the console. */
    public static List<String> lines(BenchReport report) {
        List<String> lines = new ArrayList<>();
        for (Section section : report.sections()) {
            lines.add("");
            lines.add(section.title());
            for (Grid grid : section.grids()) {
                lines.add("");
                lines.add(grid.title());
                Table table = new Table(grid.headings().toArray(String[]::new));
                grid.rows().forEach(row -> table.row(row.toArray()));
                lines.addAll(table.lines());
            }
        }
        lines.add("");
        Table targets = new Table("TARGET", "WANTED", "MEASURED", "");
        targets(report)
                .forEach(target -> targets.row(
                        target.what(), target.wanted(), target.measured(), target.met() ? "met" : "NOT MET"));
        lines.addAll(targets.lines());
        if (report.failure() != null) {
            lines.add("FAILED " + report.failure());
        }
        return lines;
    }

    /**
     * For the documentation.
     *
     * @param plots where the plots lie, seen from the page
     */
    static List<String> markdown(BenchReport report, String plots) {
        List<String> lines = new ArrayList<>();
        BenchReport.Machine machine = report.machine();
        lines.add(String.format(
                Locale.ROOT,
                "%s, %s, %d processors (%s), %s of memory, %s; the whole took %s.%s",
                report.startedAt().toString().substring(0, 10),
                machine.kernel(),
                machine.processors(),
                machine.processor(),
                Amounts.size(machine.memoryBytes()),
                String.join(
                        ", ",
                        machine.versions().entrySet().stream()
                                .map(version -> version.getKey() + " " + version.getValue())
                                .toList()),
                Console.seconds(Duration.ofMillis(report.millis())),
                report.failure() == null ? "" : " Not all of it was measured: " + report.failure()));
        lines.add("");
        MarkdownTable targets = new MarkdownTable("Target", "Wanted", "Measured", "");
        targets(report)
                .forEach(target -> targets.row(
                        target.what(), target.wanted(), target.measured(), target.met() ? "met" : "**not met**"));
        lines.addAll(targets.lines());
        for (Section section : report.sections()) {
            lines.addAll(List.of("", "### " + section.title(), "", section.how()));
            for (Grid grid : section.grids()) {
                lines.addAll(List.of("", grid.title() + ":", ""));
                MarkdownTable table = new MarkdownTable(grid.headings().toArray(String[]::new));
                grid.rows().forEach(row -> table.row(row.toArray()));
                lines.addAll(table.lines());
            }
            section.plots()
                    .forEach(plot -> lines.addAll(List.of(
                            "", "![" + plot.title() + "](" + plots + "/" + ReportFiles.name(report, plot) + ")")));
        }
        return lines;
    }

    private static List<Target> targets(BenchReport report) {
        return report.sections().stream()
                .flatMap(section -> section.targets().stream())
                .toList();
    }
}
