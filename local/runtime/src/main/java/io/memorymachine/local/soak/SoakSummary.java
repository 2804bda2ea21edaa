package io.memorymachine.local.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.MarkdownTable;
import io.memorymachine.local.console.Table;

/** The report as a table: a row for each figure. */
public final class SoakSummary {
    private SoakSummary() {}

    /** For the console: the table, and what has grown. */
    public static List<String> lines(SoakReport report) {
        Table table = new Table("FIGURE", "OF", "AFTER 10", "AT THE END", "TOLERANCE", "");
        report.growths().forEach(growth -> table.row((Object[]) row(growth)));
        List<String> lines = new ArrayList<>(report.growths().isEmpty() ? List.of() : table.lines());
        lines.add("");
        report.growths().stream()
                .filter(Growth::grew)
                .forEach(growth -> lines.add("GREW " + label(growth) + " of " + growth.whose()));
        if (report.failure() != null) {
            lines.add("FAILED " + report.failure());
        }
        lines.add(verdict(report));
        return lines;
    }

    /** For the documentation: when and where, and the table. */
    public static List<String> markdown(SoakReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s, %s: %s",
                report.startedAt().toString().substring(0, 10),
                report.machine(),
                verdict(report)));
        lines.add("");
        MarkdownTable table = new MarkdownTable("Figure", "Of", "After cycle 10", "At the end", "Tolerance", "");
        report.growths().forEach(growth -> table.row((Object[]) row(growth)));
        lines.addAll(table.lines());
        return lines;
    }

    private static String verdict(SoakReport report) {
        long grown = report.growths().stream().filter(Growth::grew).count();
        long mean = (long) report.cycleMillis().stream()
                .mapToLong(Long::longValue)
                .average()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "%d cycles of %s each, %s, in %s",
                report.cycles(),
                Console.seconds(Duration.ofMillis(mean)),
                report.growths().isEmpty() ? "too few to compare" : grown + " figures have grown",
                Console.seconds(Duration.ofMillis(report.millis())));
    }

    private static String[] row(Growth growth) {
        boolean bytes = Figure.valueOf(growth.figure()).bytes();
        return new String[] {
            label(growth),
            growth.whose(),
            amount(growth.reference(), bytes),
            amount(growth.end(), bytes),
            growth.tolerance(),
            growth.grew() ? "GREW" : "ok"
        };
    }

    private static String label(Growth growth) {
        return growth.figure().toLowerCase(Locale.ROOT);
    }

    private static String amount(long value, boolean bytes) {
        return bytes ? Amounts.size(value) : Long.toString(value);
    }
}
