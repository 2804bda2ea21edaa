package io.memorymachine.local.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.demo.StallMeter;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.pmem.runtime.Toolbox;

import static io.memorymachine.local.bench.HeapFigures.CLIENT_GAP;
import static io.memorymachine.local.bench.HeapFigures.DESTROYED_TO_ACTIVE;
import static io.memorymachine.local.bench.HeapFigures.EXPORT;
import static io.memorymachine.local.bench.HeapFigures.FROZEN;
import static io.memorymachine.local.bench.HeapFigures.OURS;
import static io.memorymachine.local.bench.HeapFigures.QUIESCED;
import static io.memorymachine.local.bench.HeapFigures.RATES;
import static io.memorymachine.local.bench.HeapFigures.RELOAD;
import static io.memorymachine.local.bench.HeapFigures.RESTORE;
import static io.memorymachine.local.bench.HeapFigures.RUNC;
import static io.memorymachine.local.bench.HeapFigures.STALL;
import static io.memorymachine.local.bench.HeapFigures.TO_DISK;
import static io.memorymachine.local.bench.HeapFigures.TO_MEMORY;
import static io.memorymachine.local.bench.HeapFigures.WHOLE;

/** One member of a growing heap: how long it stands still, and a dump of the same program with an ordinary heap beside it. */
final class HeapSection {
    /** Of the smallest member. */
    static final long SMALLEST = 256L << 20;

    private static final List<Long> HEAPS = List.of(SMALLEST, 512L << 20, 1L << 30, 2L << 30, 4L << 30, 8L << 30);

    /** Of these and larger ones the machine has not memory for two and for an image in memory. */
    private static final long ALONE_FROM = 8L << 30;

    private static final int VALUE_BYTES = 8 << 10;

    /**
     * On the volume beside the heap and what a snapshot is promised. XFS keeps blocks for what may be written beside a copied
     * one, and frees later.
     */
    private static final long BESIDE_HEAPS = 5L << 30;

    private static final int RUNS = 3;

    /** A member that collects a heap of several GiB does not answer for seconds, and a snapshot with a quiesce is refused then. */
    private static final int ATTEMPTS = 3;

    /** With larger ones the section would take too long. */
    private static final long LARGEST_IN_RUNC = 2L << 30;

    /** Likewise; a client's reads of a larger heap that is written to wait for its collections. */
    private static final long LARGEST_EXPORT_UNDER_WRITES = 2L << 30;

    private final Bench bench;
    private final HeapFigures found = new HeapFigures();
    private final List<String> failures = new ArrayList<>();
    private final List<Long> heaps;
    private final Consumer<String> unmeasured;

    /**
     * A section of which nothing was measured yet.
     *
     * @param unmeasured told which heap could not be measured, and why; what was found until then stays in the section
     */
    HeapSection(Bench bench, Consumer<String> unmeasured) {
        this.bench = bench;
        this.unmeasured = unmeasured;
        this.heaps = !bench.heaps().isEmpty() ? bench.heaps() : bench.quick() ? HEAPS.subList(0, 1) : HEAPS;
    }

    Section run() {
        boolean whole = measureAll();
        HeapTables tables = new HeapTables(found, heaps);
        return new Section(
                "heap",
                "One member: frozen time over heap size",
                String.format(
                        Locale.ROOT,
                        "One member that has touched its whole heap, as one does that runs for long, half of it filled with"
                                + " values of %,d bytes, at three write rates; ours and CRIU's"
                                + " dump of the same program with an ordinary heap in turn, %d times each (a dump to disk"
                                + " once). runc checkpoint writes the same program as a container to disk, once and of heaps"
                                + " up to 2 GiB. The logical export reads our member's entries through a client into a file"
                                + " on disk, once, and of heaps of more than 2 GiB without writes only: nothing stands still for"
                                + " it, and with writes it is no consistent cut, since each entry is of another moment. The"
                                + " restores are of one snapshot, without a safety snapshot; the reload is"
                                + " the same data put back through a client.%s",
                        VALUE_BYTES,
                        bench.times(RUNS),
                        failures.isEmpty() ? "" : " Failed, and taken again: " + String.join("; ", failures) + "."),
                tables.grids(),
                tables.plots(),
                whole && heaps.containsAll(HEAPS) ? tables.targets() : List.of(),
                found.all());
    }

    /** Up to the first heap that cannot be measured: one that is larger would hardly go better. */
    private boolean measureAll() {
        for (long heap : heaps) {
            bench.console().section("Heap of " + Amounts.size(heap));
            try {
                bench.systems().with(system(bench, heap), settings -> measure(settings, heap));
            } catch (BenchFailedException e) {
                unmeasured.accept("heap of " + Amounts.size(heap) + ": " + e.getMessage());
                return false;
            }
        }
        return true;
    }

    /** One member that has touched its whole heap, with room for all that is done with it. */
    static SystemSettings system(Bench bench, long heap) {
        return bench.systems().settings(1, heap, 2 * heap + BESIDE_HEAPS).withTouchedHeaps();
    }

    private void failed(long heap, String why) {
        bench.console().failed(why, "taken again");
        failures.add(Amounts.size(heap) + ", " + why);
    }

    private int entries(long heap) {
        return (int) (heap / 2 / VALUE_BYTES);
    }

    private void measure(SystemSettings settings, long heap) {
        Services services = new Services(settings.ports(), bench.directory().token());
        SnapshotProbe probe = new SnapshotProbe(services, ATTEMPTS, why -> failed(heap, why));
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
            if (heap <= LARGEST_IN_RUNC) {
                checkpoints(heap, data);
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
                    if (run == 0 && (rate == 0 || heap <= LARGEST_EXPORT_UNDER_WRITES)) {
                        export(ours, map, heap, rate);
                    }
                    found.add(OURS, "writes done", heap, rate, "1/s", load.rate());
                }
                if (plain != null) {
                    try (WriteLoad load =
                            WriteLoad.start(plain.client.getMap("bench"), entries(heap), VALUE_BYTES, rate)) {
                        dump(
                                TO_MEMORY,
                                heap,
                                rate,
                                plain.client,
                                () -> plain.dump(
                                        bench,
                                        Path.of("/dev/shm/mm-bench-"
                                                + bench.directory().id())));
                        if (run == 0) {
                            dump(TO_DISK, heap, rate, plain.client, () -> plain.dump(bench, onDisk()));
                        }
                        found.add(TO_MEMORY, "writes done", heap, rate, "1/s", load.rate());
                    }
                }
            }
        }
    }

    /** Of the same program in a container; after the others, since the machine has not memory for all of them. */
    private void checkpoints(long heap, DataSet data) {
        try (RuncMember member = RuncMember.start(bench, heap)) {
            HazelcastInstance client = member.connect("mm-bench-runc");
            try {
                IMap<Integer, byte[]> map = client.getMap("bench");
                DataLoader.load(map, data);
                for (int rate : RATES) {
                    try (WriteLoad load = WriteLoad.start(map, entries(heap), VALUE_BYTES, rate)) {
                        dump(RUNC, heap, rate, client, () -> member.checkpoint(onDisk()));
                        found.add(RUNC, "writes done", heap, rate, "1/s", load.rate());
                    }
                }
            } finally {
                client.shutdown();
            }
        }
    }

    private Path onDisk() {
        return bench.directory().root().resolve("bench-dump");
    }

    private void export(HazelcastInstance client, IMap<Integer, byte[]> map, long heap, int rate) {
        try (StallMeter meter = new StallMeter(client.getMap("bench-meter")).start()) {
            meter.enter(Phase.SNAPSHOT);
            LogicalExport export =
                    LogicalExport.of(map, bench.directory().root().resolve("bench-export"));
            long stall = meter.stall(Phase.SNAPSHOT).longestMicros();
            found.add(EXPORT, WHOLE, heap, rate, "ms", export.micros() / 1e3);
            found.add(EXPORT, STALL, heap, rate, "ms", stall / 1e3);
            found.add(EXPORT, "file", heap, rate, "MiB", export.bytes() / 1048576.0);
            bench.console()
                    .note(
                            EXPORT + ", writes " + WriteLoad.name(rate),
                            String.format(
                                    Locale.ROOT,
                                    "%,d entries in %,d ms, stall %d ms",
                                    export.entries(),
                                    export.micros() / 1000,
                                    stall / 1000));
        }
    }

    private void note(String method, long heap, int rate, SnapshotProbe.Taken taken) {
        found.add(method, FROZEN, heap, rate, "ms", taken.longestFrozenMicros() / 1e3);
        found.add(method, STALL, heap, rate, "ms", taken.stall().longestMicros() / 1e3);
        found.add(method, "errors", heap, rate, "errors", taken.stall().errorCount());
        found.add(method, "prepare", heap, rate, "ms", taken.step("prepare") / 1e3);
        found.add(method, "seal", heap, rate, "ms", taken.step("seal") / 1e3);
        found.add(
                method,
                "image beside the heap",
                heap,
                rate,
                "MiB",
                taken.view().members().get(0).criuBytes() / 1048576.0);
        said(method, rate, taken.longestFrozenMicros(), taken.stall().longestMicros());
    }

    private void dump(String method, long heap, int rate, HazelcastInstance client, Supplier<CriuDump> dumping) {
        try (StallMeter meter = new StallMeter(client.getMap("bench-meter")).start()) {
            meter.enter(Phase.SNAPSHOT);
            CriuDump dump = dumping.get();
            long stall = meter.stall(Phase.SNAPSHOT).longestMicros();
            found.add(method, FROZEN, heap, rate, "ms", dump.frozenMicros() / 1e3);
            found.add(method, STALL, heap, rate, "ms", stall / 1e3);
            said(method, rate, dump.frozenMicros(), stall);
        }
    }

    private void restore(
            SnapshotProbe probe, HazelcastInstance ours, IMap<Integer, byte[]> map, long heap, DataSet data) {
        SnapshotProbe.Taken kept = probe.take(ours, true, true);
        for (int run = 0; run < bench.times(RUNS); run++) {
            SnapshotProbe.Restored restored = probe.restore(ours, kept.view().name());
            found.add(RESTORE, DESTROYED_TO_ACTIVE, heap, 0, "ms", restored.destroyedToActive());
            found.add(RESTORE, CLIENT_GAP, heap, 0, "ms", restored.stall().longestMicros() / 1e3);
            bench.console()
                    .note(
                            RESTORE,
                            String.format(
                                    Locale.ROOT,
                                    "destroyed to active %d ms, client gap %d ms",
                                    restored.destroyedToActive(),
                                    restored.stall().longestMicros() / 1000));
        }
        probe.delete(kept.view().name());
        map.clear();
        long from = System.nanoTime();
        DataLoader.load(map, data);
        found.add(RELOAD, WHOLE, heap, 0, "ms", (System.nanoTime() - from) / 1e6);
    }

    private void said(String method, int rate, long frozenMicros, long stallMicros) {
        bench.console()
                .note(
                        method + ", writes " + WriteLoad.name(rate),
                        String.format(
                                Locale.ROOT, "frozen %d ms, stall %d ms", frozenMicros / 1000, stallMicros / 1000));
    }

    /** The program with an ordinary heap, and a client of it. */
    private record Plain(PlainMember member, HazelcastInstance client) {
        CriuDump dump(Bench bench, Path folder) {
            return CriuDump.of(new Toolbox(bench.installation().nativePrograms()), member.pid(), folder);
        }
    }
}
