package io.memorymachine.local.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Curve;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Plot;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.demo.StallMeter;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.pmem.runtime.Toolbox;

/** One member of a growing heap: how long it stands still, and a dump of the same program with an ordinary heap beside it. */
final class HeapSection {
    private static final List<Long> HEAPS = List.of(256L << 20, 512L << 20, 1L << 30, 2L << 30, 4L << 30, 8L << 30);

    /** Of these and larger ones the machine has not memory for two and for an image in memory. */
    private static final long ALONE_FROM = 8L << 30;

    private static final int VALUE_BYTES = 8 << 10;
    private static final List<Integer> RATES = List.of(0, 500, WriteLoad.UNLIMITED);
    private static final int RUNS = 3;

    private static final String OURS = "ours --nopause";
    private static final String QUIESCED = "ours quiesce";
    private static final String TO_MEMORY = "CRIU to tmpfs";
    private static final String TO_DISK = "CRIU to disk";
    private static final String RESTORE = "restore";
    private static final String RELOAD = "reload";

    private final Bench bench;
    private final Measurements found = new Measurements();
    private final List<Long> heaps;

    HeapSection(Bench bench) {
        this.bench = bench;
        this.heaps = !bench.heaps().isEmpty() ? bench.heaps() : bench.quick() ? HEAPS.subList(0, 1) : HEAPS;
    }

    Section run() {
        for (long heap : heaps) {
            bench.console().section("Heap of " + Amounts.size(heap));
            bench.systems()
                    .with(
                            bench.systems()
                                    .settings(1, heap, 2 * heap + (3L << 30))
                                    .withTouchedHeaps(),
                            settings -> measure(settings, heap));
        }
        return new Section(
                "heap",
                "One member: frozen time over heap size",
                String.format(
                        Locale.ROOT,
                        "One member that has touched its whole heap, as one does that runs for long, half of it filled with"
                                + " values of %,d bytes, at three write rates; ours and CRIU's"
                                + " dump of the same program with an ordinary heap in turn, %d times each (a dump to disk"
                                + " once). The restore is without a safety snapshot; the reload is the same data put back"
                                + " through a client.",
                        VALUE_BYTES,
                        bench.times(RUNS)),
                List.of(frozen(), stalls(), restores()),
                plots(),
                targets(),
                found.all());
    }

    private int entries(long heap) {
        return (int) (heap / 2 / VALUE_BYTES);
    }

    private void measure(SystemSettings settings, long heap) {
        SnapshotProbe probe = new SnapshotProbe(
                new Services(settings.ports(), bench.directory().token()));
        HazelcastInstance ours = DemoClients.connect(settings, "mm-bench-ours");
        try {
            DataSet data = new DataSet(1, entries(heap), VALUE_BYTES);
            IMap<Integer, byte[]> map = ours.getMap("bench");
            DataLoader.load(map, data);
            // What is cold in the services is not the heap's.
            probe.take(ours, true, false);
            boolean alone = heap >= ALONE_FROM;
            if (alone) {
                snapshots(probe, ours, map, heap, null);
            } else {
                try (PlainMember plain = PlainMember.start(bench.processes(), bench.rootfs(), heap)) {
                    HazelcastInstance theirs = plain.connect("mm-bench-plain");
                    try {
                        DataLoader.load(theirs.getMap("bench"), data);
                        snapshots(probe, ours, map, heap, new Plain(plain, theirs));
                    } finally {
                        theirs.shutdown();
                    }
                }
            }
            restore(probe, ours, map, heap, data);
        } finally {
            ours.shutdown();
        }
    }

    private void snapshots(
            SnapshotProbe probe, HazelcastInstance ours, IMap<Integer, byte[]> map, long heap, Plain plain) {
        for (int rate : RATES) {
            for (int run = 0; run < bench.times(RUNS); run++) {
                try (WriteLoad load = WriteLoad.start(map, entries(heap), VALUE_BYTES, rate)) {
                    note(OURS, heap, rate, probe.take(ours, false, false));
                    note(QUIESCED, heap, rate, probe.take(ours, true, false));
                    found.add(key(OURS, "writes done", heap, rate), "1/s", load.rate());
                }
                if (plain != null) {
                    try (WriteLoad load =
                            WriteLoad.start(plain.client.getMap("bench"), entries(heap), VALUE_BYTES, rate)) {
                        dump(
                                TO_MEMORY,
                                heap,
                                rate,
                                plain,
                                Path.of("/dev/shm/mm-bench-" + bench.directory().id()));
                        if (run == 0) {
                            dump(
                                    TO_DISK,
                                    heap,
                                    rate,
                                    plain,
                                    bench.directory().root().resolve("bench-dump"));
                        }
                        found.add(key(TO_MEMORY, "writes done", heap, rate), "1/s", load.rate());
                    }
                }
            }
        }
    }

    private void note(String method, long heap, int rate, SnapshotProbe.Taken taken) {
        found.add(key(method, "frozen", heap, rate), "ms", taken.longestFrozenMicros() / 1e3);
        found.add(key(method, "stall", heap, rate), "ms", taken.stall().longestMicros() / 1e3);
        found.add(key(method, "errors", heap, rate), "errors", taken.stall().errorCount());
        found.add(key(method, "prepare", heap, rate), "ms", taken.step("prepare") / 1e3);
        found.add(key(method, "seal", heap, rate), "ms", taken.step("seal") / 1e3);
        found.add(
                key(method, "image beside the heap", heap, rate),
                "MiB",
                taken.view().members().get(0).criuBytes() / 1048576.0);
        said(method, rate, taken.longestFrozenMicros(), taken.stall().longestMicros());
    }

    private void dump(String method, long heap, int rate, Plain plain, Path folder) {
        try (StallMeter meter = new StallMeter(plain.client.getMap("bench-meter")).start()) {
            meter.enter(Phase.SNAPSHOT);
            CriuDump dump = CriuDump.of(new Toolbox(bench.installation().nativePrograms()), plain.member.pid(), folder);
            long stall = meter.stall(Phase.SNAPSHOT).longestMicros();
            found.add(key(method, "frozen", heap, rate), "ms", dump.frozenMicros() / 1e3);
            found.add(key(method, "stall", heap, rate), "ms", stall / 1e3);
            said(method, rate, dump.frozenMicros(), stall);
        }
    }

    private void restore(
            SnapshotProbe probe, HazelcastInstance ours, IMap<Integer, byte[]> map, long heap, DataSet data) {
        for (int run = 0; run < bench.times(RUNS); run++) {
            SnapshotProbe.Taken kept = probe.take(ours, true, true);
            SnapshotProbe.Restored restored = probe.restore(ours, kept.view().name());
            probe.delete(kept.view().name());
            found.add(key(RESTORE, "destroyed to active", heap, 0), "ms", restored.destroyedToActive());
            found.add(
                    key(RESTORE, "client gap", heap, 0), "ms", restored.stall().longestMicros() / 1e3);
            bench.console()
                    .note(
                            RESTORE,
                            String.format(
                                    Locale.ROOT,
                                    "destroyed to active %d ms, client gap %d ms",
                                    restored.destroyedToActive(),
                                    restored.stall().longestMicros() / 1000));
        }
        map.clear();
        long from = System.nanoTime();
        DataLoader.load(map, data);
        found.add(key(RELOAD, "whole", heap, 0), "ms", (System.nanoTime() - from) / 1e6);
    }

    private void said(String method, int rate, long frozenMicros, long stallMicros) {
        bench.console()
                .note(
                        method + ", writes " + WriteLoad.name(rate),
                        String.format(
                                Locale.ROOT, "frozen %d ms, stall %d ms", frozenMicros / 1000, stallMicros / 1000));
    }

    private Grid frozen() {
        return grid("Frozen time in milliseconds, median (least-most)", "frozen");
    }

    private Grid stalls() {
        return grid("Longest stall of a client in milliseconds, median (least-most)", "stall");
    }

    private Grid grid(String title, String what) {
        List<List<String>> rows = new ArrayList<>();
        for (long heap : heaps) {
            for (int rate : RATES) {
                rows.add(List.of(
                        Amounts.size(heap),
                        WriteLoad.name(rate),
                        found.sample(key(OURS, what, heap, rate)).text(),
                        found.sample(key(QUIESCED, what, heap, rate)).text(),
                        found.sample(key(TO_MEMORY, what, heap, rate)).text(),
                        found.sample(key(TO_DISK, what, heap, rate)).text()));
            }
        }
        return new Grid(title, List.of("Heap", "Writes", OURS, QUIESCED, TO_MEMORY, TO_DISK), rows);
    }

    private Grid restores() {
        List<List<String>> rows = new ArrayList<>();
        for (long heap : heaps) {
            rows.add(List.of(
                    Amounts.size(heap),
                    found.sample(key(RESTORE, "destroyed to active", heap, 0)).text(),
                    found.sample(key(RESTORE, "client gap", heap, 0)).text(),
                    found.sample(key(RELOAD, "whole", heap, 0)).text()));
        }
        return new Grid(
                "Restore in milliseconds, median (least-most)",
                List.of("Heap", "Members destroyed to ACTIVE", "Client without success", "Reload through a client"),
                rows);
    }

    private List<Plot> plots() {
        List<Curve> frozen = new ArrayList<>();
        for (String method : List.of(OURS, QUIESCED, TO_MEMORY, TO_DISK)) {
            curve(method, heap -> found.sample(key(method, "frozen", heap, 0)), frozen);
        }
        List<Curve> restore = new ArrayList<>();
        curve("restore", heap -> found.sample(key(RESTORE, "destroyed to active", heap, 0)), restore);
        curve("reload", heap -> found.sample(key(RELOAD, "whole", heap, 0)), restore);
        return List.of(
                new Plot("frozen", "Frozen time over heap size, no writes", "heap in MiB", "ms", frozen),
                new Plot("restore", "Restore and reload over heap size", "heap in MiB", "ms", restore));
    }

    private void curve(String name, Function<Long, Sample> of, List<Curve> curves) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (long heap : heaps) {
            Sample sample = of.apply(heap);
            if (!sample.values().isEmpty()) {
                x.add(heap / 1048576.0);
                y.add(sample.median());
            }
        }
        if (!x.isEmpty()) {
            curves.add(new Curve(name, x, y));
        }
    }

    private List<Target> targets() {
        if (!heaps.containsAll(HEAPS)) {
            return List.of();
        }
        double small = found.sample(key(OURS, "frozen", 512L << 20, 0)).median();
        double large = found.sample(key(OURS, "frozen", 8L << 30, 0)).median();
        double ours = found.sample(key(OURS, "frozen", 2L << 30, 0)).median();
        double disk = found.sample(key(TO_DISK, "frozen", 2L << 30, 0)).median();
        double reload = found.sample(key(RELOAD, "whole", 2L << 30, 0)).median();
        double restore =
                found.sample(key(RESTORE, "destroyed to active", 2L << 30, 0)).median();
        return List.of(
                new Target("Frozen time, 512 MiB", "at most 120 ms", ms(small), small <= 120),
                new Target("Frozen time, 8 GiB to 512 MiB", "at most 1.3", ratio(large, small), large <= 1.3 * small),
                new Target("CRIU to disk to ours, 2 GiB", "at least 40", ratio(disk, ours), disk >= 40 * ours),
                new Target(
                        "Reload to restore, 1 GiB of data",
                        "at least 20",
                        ratio(reload, restore),
                        reload >= 20 * restore));
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%.0f ms", value);
    }

    private static String ratio(double one, double other) {
        return String.format(Locale.ROOT, "%.2f", one / other);
    }

    private static String key(String method, String what, long heap, int rate) {
        return method + ", " + what + ", " + Amounts.size(heap) + ", writes " + WriteLoad.name(rate);
    }

    /** The program with an ordinary heap, and a client of it. */
    private record Plain(PlainMember member, HazelcastInstance client) {}
}
