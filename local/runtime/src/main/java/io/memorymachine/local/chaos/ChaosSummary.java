package io.memorymachine.local.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.MarkdownTable;
import io.memorymachine.local.console.Table;

/** The report as a table: a row for each step and fault, with the outcome. */
public final class ChaosSummary {
    private static final String[] HEADINGS = {"SAGA", "STEP", "FAULT", "OUTCOME", "ENDED AFTER", "PASSIVE", ""};

    private ChaosSummary() {}

    /** For the console: the table, and what did not hold. */
    public static List<String> lines(ChaosReport report) {
        Table table = new Table(HEADINGS);
        report.cells().forEach(cell -> table.row((Object[]) row(cell)));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        for (CellResult cell : report.cells()) {
            cell.violations().forEach(violation -> lines.add("FAILED " + cell.name() + ": " + violation));
        }
        if (report.failure() != null) {
            lines.add("FAILED " + report.failure());
        }
        lines.add(verdict(report));
        return lines;
    }

    /** For the documentation: when and where, and the table. */
    public static List<String> markdown(ChaosReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s, %s: %s",
                report.startedAt().toString().substring(0, 10),
                report.machine(),
                verdict(report)));
        lines.add("");
        MarkdownTable table = new MarkdownTable("Saga", "Step", "Fault", "Outcome", "Ended after", "Passive", "Why");
        for (CellResult cell : report.cells()) {
            String[] row = row(cell);
            table.row(
                    row[0],
                    row[1],
                    row[2],
                    cell.passed() ? row[3] : "**" + row[3] + "**",
                    row[4],
                    row[5],
                    cell.passed() ? cell.why() : String.join("; ", cell.violations()));
        }
        lines.addAll(table.lines());
        return lines;
    }

    private static String verdict(ChaosReport report) {
        long failed = report.cells().stream().filter(cell -> !cell.passed()).count();
        return String.format(
                Locale.ROOT,
                "%d cells, %d failed, in %s",
                report.cells().size(),
                failed,
                Console.seconds(Duration.ofMillis(report.millis())));
    }

    private static String[] row(CellResult cell) {
        return new String[] {
            cell.saga(),
            cell.step(),
            cell.fault(),
            cell.outcome(),
            Console.seconds(Duration.ofMillis(cell.millis())),
            Console.seconds(Duration.ofMillis(cell.passiveMillis())),
            cell.passed() ? "ok" : "FAILED"
        };
    }
}
