package io.memorymachine.local.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.memorymachine.local.bench.BenchReport.Curve;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Machine;
import io.memorymachine.local.bench.BenchReport.Plot;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;

/** Reports as a run would find them. */
final class Reports {
    private Reports() {}

    /** One section with one of everything; one of its two targets is met. */
    static BenchReport small(String failure) {
        Section section = new Section(
                "sagas",
                "Sagas without their work",
                "Asked for over HTTP.",
                List.of(new Grid("Sagas", List.of("At a time", "Last end"), List.of(List.of("1", "90.5")))),
                List.of(new Plot(
                        "sagas",
                        "Sagas over their number",
                        "sagas",
                        "ms",
                        List.of(new Curve("last end", List.of(1.0, 10.0), List.of(90.5, 400.0))))),
                List.of(
                        new Target("A saga", "under 120 ms", "90.5 ms", true),
                        new Target("Ten", "under 300 ms", "400 ms", false)),
                Map.of("1 at a time, last end", new Sample("ms", List.of(90.5))));
        return new BenchReport(
                BenchReport.FORMAT,
                Instant.parse("2026-01-02T03:04:05Z"),
                72_000,
                true,
                new Machine("Linux 6.18", 2, "a processor", 8L << 30, Map.of("Java", "17")),
                List.of(section),
                failure);
    }
}
