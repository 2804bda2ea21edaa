package io.memorymachine.local.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.memorymachine.local.api.StepView;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Table;
import io.memorymachine.local.demo.DemoReport.CapturedMember;
import io.memorymachine.local.demo.DemoReport.RestoredMember;
import io.memorymachine.local.demo.DemoReport.Target;
import io.memorymachine.local.demo.StallClock.Stall;

/** The report as tables. */
public final class DemoSummary {
    private DemoSummary() {}

    /** The tables of those parts that were reached, with empty lines between them. */
    public static List<String> lines(DemoReport report) {
        List<Table> tables = new ArrayList<>();
        if (report.snapshot() != null && report.restore() != null) {
            tables.add(steps(report));
        }
        if (report.snapshot() != null) {
            tables.add(members(report));
        }
        if (report.client() != null) {
            tables.add(client(report));
            tables.add(totals(report));
            tables.add(targets(report));
        }
        List<String> lines = new ArrayList<>();
        for (Table table : tables) {
            lines.add("");
            table.lines().forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static Table steps(DemoReport report) {
        Table table = new Table("SAGA", "STEP", "STATUS", "TOOK");
        for (StepView step : report.snapshot().steps()) {
            table.row("snapshot", step.name(), step.status(), Amounts.millis(step.micros()));
        }
        for (StepView step : report.restore().steps()) {
            table.row("restore", step.name(), step.status(), Amounts.millis(step.micros()));
        }
        return table;
    }

    private static Table members(DemoReport report) {
        Table table = new Table("MEMBER", "FROZEN", "HEAP", "IMAGE", "MODE", "OLD IP", "NEW IP");
        for (CapturedMember member : report.snapshot().members()) {
            RestoredMember restored = report.restore() == null
                    ? null
                    : report.restore().members().stream()
                            .filter(candidate -> member.pod().equals(candidate.pod()))
                            .findFirst()
                            .orElse(null);
            table.row(
                    member.pod(),
                    Amounts.millis(member.frozenMicros()),
                    Amounts.size(member.heapBytes()),
                    Amounts.size(member.imageBytes()),
                    member.mode(),
                    member.ip(),
                    restored == null ? null : restored.newIp());
        }
        return table;
    }

    private static Table client(DemoReport report) {
        Table table = new Table("BUSY CLIENT", "OPERATIONS", "LONGEST STALL", "ERRORS");
        row(table, "steady", report.client().steady());
        row(table, "during the snapshot", report.client().snapshot());
        row(table, "during the restore", report.client().restore());
        return table;
    }

    private static void row(Table table, String phase, Stall stall) {
        StringBuilder errors = new StringBuilder(Long.toString(stall.errorCount()));
        for (Map.Entry<String, Long> error : stall.errors().entrySet()) {
            errors.append(", ").append(error.getKey()).append(' ').append(error.getValue());
        }
        table.row(phase, count(stall.operations()), Amounts.millis(stall.longestMicros()), errors);
    }

    private static Table totals(DemoReport report) {
        return new Table("RESULT", "")
                .row(
                        "entries verified equal",
                        count(report.verification().equal()) + " of "
                                + count(report.verification().expected()))
                .row(
                        "captured",
                        Amounts.size(report.snapshot().capturedBytes()) + ", "
                                + Amounts.size(report.snapshot().uniqueBytes()) + " of it not shared")
                .row("cluster passive", Amounts.millis(report.snapshot().pausedMicros()))
                .row("members frozen within", Amounts.millis(report.snapshot().frozenSpreadMicros()))
                .row(
                        "snapshot, request to sealed",
                        Amounts.millis(report.snapshot().millis() * 1000))
                .row(
                        "restore, request to completed",
                        Amounts.millis(report.restore().millis() * 1000))
                .row("destroyed to active", Amounts.millis(report.restore().destroyedToActiveMillis() * 1000));
    }

    private static Table targets(DemoReport report) {
        Table table = new Table("TARGET", "LIMIT", "REACHED", "");
        for (Target target : report.targets()) {
            table.row(target.name(), target.limit(), target.reached(), target.met() ? "met" : "MISSED");
        }
        return table;
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
