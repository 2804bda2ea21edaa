package io.memorymachine.local.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.system.SystemSettings;

/** Three members: what a client sees of a snapshot with and without a quiesce, and where the time goes. */
final class ClusterSection {
    private static final int MEMBERS = 3;
    private static final long HEAP = 512L << 20;
    private static final long VOLUME = 8L << 30;
    private static final int ENTRIES = 60_000;
    private static final int VALUE_BYTES = 1024;
    private static final int WRITES = 500;
    private static final int RUNS = 9;

    private static final List<String> STEPS = List.of(
            "find-members",
            "authorize",
            "reserve",
            "prepare",
            "guard",
            "quiesce",
            "capture",
            "resume",
            "seal",
            "return-license-at-end");

    private final Bench bench;
    private final Measurements found = new Measurements();

    ClusterSection(Bench bench) {
        this.bench = bench;
    }

    Section run() {
        bench.systems().with(bench.systems().settings(MEMBERS, HEAP, VOLUME), this::measure);
        return new Section(
                "cluster",
                "Three members: the pause that clients see",
                String.format(
                        Locale.ROOT,
                        "Three members of 512 MiB, %,d entries of %,d bytes, %d writes a second beside a client that writes"
                                + " and reads without rest; with and without a quiesce in turn, %d times each after two that"
                                + " do not count.",
                        ENTRIES,
                        VALUE_BYTES,
                        WRITES,
                        bench.times(RUNS)),
                List.of(pauses(), steps()),
                List.of(),
                targets(),
                found.all());
    }

    private void measure(SystemSettings settings) {
        SnapshotProbe probe = new SnapshotProbe(
                new Services(settings.ports(), bench.directory().token()));
        HazelcastInstance client = DemoClients.connect(settings, "mm-bench");
        try {
            IMap<Integer, byte[]> map = client.getMap("bench");
            DataLoader.load(map, new DataSet(1, ENTRIES, VALUE_BYTES));
            try (WriteLoad load = WriteLoad.start(map, ENTRIES, VALUE_BYTES, WRITES)) {
                for (int run = -bench.size(2, 0); run < 2 * bench.times(RUNS); run++) {
                    boolean pause = run % 2 == 0;
                    SnapshotProbe.Taken taken = probe.take(client, pause, false);
                    if (run >= 0) {
                        note(pause ? "pause" : "nopause", taken);
                    }
                    bench.console()
                            .note(
                                    pause ? "with quiesce" : "--nopause",
                                    String.format(
                                            Locale.ROOT,
                                            "frozen %d ms, stall %d ms, passive %d ms, %d errors",
                                            taken.longestFrozenMicros() / 1000,
                                            taken.stall().longestMicros() / 1000,
                                            taken.view().pausedMicros() / 1000,
                                            taken.stall().errorCount()));
                }
                found.add("writes", "1/s", load.rate());
            }
        } finally {
            client.shutdown();
        }
    }

    private void note(String mode, SnapshotProbe.Taken taken) {
        found.add(mode + " frozen", "ms", taken.longestFrozenMicros() / 1e3);
        found.add(mode + " stall", "ms", taken.stall().longestMicros() / 1e3);
        found.add(
                mode + " stall beyond frozen",
                "ms",
                (taken.stall().longestMicros() - taken.longestFrozenMicros()) / 1e3);
        found.add(mode + " passive", "ms", taken.view().pausedMicros() / 1e3);
        found.add(mode + " errors", "errors", taken.stall().errorCount());
        found.add(mode + " whole", "ms", taken.millis());
        STEPS.forEach(step -> found.add(mode + " step " + step, "ms", taken.step(step) / 1e3));
    }

    private Grid pauses() {
        List<List<String>> rows = new ArrayList<>();
        for (String what : List.of("frozen", "stall", "stall beyond frozen", "passive", "errors", "whole")) {
            rows.add(List.of(
                    what,
                    found.sample("pause " + what).text(),
                    found.sample("nopause " + what).text()));
        }
        return new Grid(
                "Milliseconds (errors: a number), median (least-most)", List.of("", "Quiesce", "--nopause"), rows);
    }

    private Grid steps() {
        List<List<String>> rows = new ArrayList<>();
        for (String step : STEPS) {
            rows.add(List.of(
                    step,
                    found.sample("pause step " + step).text(),
                    found.sample("nopause step " + step).text()));
        }
        return new Grid(
                "Where the time goes: the saga's steps in milliseconds", List.of("Step", "Quiesce", "--nopause"), rows);
    }

    private List<Target> targets() {
        return List.of(
                atMost("Client stall beyond frozen time, --nopause", found.sample("nopause stall beyond frozen"), 150),
                atMost("Client stall beyond frozen time, quiesce", found.sample("pause stall beyond frozen"), 350),
                atMost("Client errors, --nopause", found.sample("nopause errors"), 0));
    }

    private static Target atMost(String what, Sample sample, double limit) {
        return new Target(
                what,
                String.format(Locale.ROOT, "at most %,.0f %s", limit, sample.unit()),
                sample.text() + " " + sample.unit(),
                sample.median() <= limit);
    }
}
