package io.memorymachine.local.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.api.SnapshotView;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.system.SystemSettings;

/** What snapshots of a cluster that is written to take on the volume, against full copies. */
final class SpaceSection {
    private static final int MEMBERS = 3;
    private static final long HEAP = 256L << 20;
    private static final long VOLUME = 12L << 30;

    /** Those of the sections before it. */
    private static final long QUICK_HEAP = 512L << 20;

    private static final long QUICK_VOLUME = 8L << 30;
    private static final int ENTRIES = 40_000;
    private static final int VALUE_BYTES = 2 << 10;
    private static final int WRITES = 500;
    private static final List<Integer> COUNTS = List.of(1, 5, 20);

    private final Bench bench;
    private final long heap;
    private final Measurements found = new Measurements();
    private final List<List<String>> rows = new ArrayList<>();

    SpaceSection(Bench bench) {
        this.bench = bench;
        this.heap = bench.size(HEAP, QUICK_HEAP);
    }

    Section run() {
        SystemSettings settings = bench.systems().settings(MEMBERS, heap, bench.size(VOLUME, QUICK_VOLUME));
        bench.systems().with(settings, this::measure);
        return new Section(
                "space",
                "What snapshots take",
                String.format(
                        Locale.ROOT,
                        "Three members of %s, %,d entries of %,d bytes, %d writes a second; snapshots one after the other,"
                                + " all kept.",
                        Amounts.size(heap),
                        ENTRIES,
                        VALUE_BYTES,
                        WRITES),
                List.of(new Grid(
                        "Snapshots together",
                        List.of("Snapshots", "On the volume, MiB", "As full copies, MiB", "Part of that"),
                        rows)),
                List.of(),
                List.of(),
                found.all());
    }

    private void measure(SystemSettings settings) {
        Services services = new Services(settings.ports(), bench.directory().token());
        SnapshotProbe probe = new SnapshotProbe(services);
        HazelcastInstance client = DemoClients.connect(settings, "mm-bench");
        try {
            IMap<Integer, byte[]> map = client.getMap("bench");
            DataLoader.load(map, new DataSet(1, ENTRIES, VALUE_BYTES));
            List<Integer> counts = bench.quick() ? COUNTS.subList(0, 1) : COUNTS;
            long full = 0;
            long free = services.usage().free();
            try (WriteLoad load = WriteLoad.start(map, ENTRIES, VALUE_BYTES, WRITES)) {
                for (int count = 1; count <= counts.get(counts.size() - 1); count++) {
                    SnapshotView view = probe.take(client, false, true).view();
                    full += view.totalBytes();
                    if (counts.contains(count)) {
                        note(count, free - services.usage().free(), full);
                    }
                }
                found.add("writes", "1/s", load.rate());
            }
        } finally {
            client.shutdown();
        }
    }

    private void note(int count, long allocated, long full) {
        double taken = allocated / 1048576.0;
        double copies = full / 1048576.0;
        found.add(count + " snapshots, on the volume", "MiB", taken);
        found.add(count + " snapshots, as full copies", "MiB", copies);
        rows.add(List.of(
                Integer.toString(count),
                String.format(Locale.ROOT, "%,.0f", taken),
                String.format(Locale.ROOT, "%,.0f", copies),
                String.format(Locale.ROOT, "%.2f", taken / copies)));
        bench.console().note(count + " snapshots", String.format(Locale.ROOT, "%,.0f MiB of %,.0f MiB", taken, copies));
    }
}
