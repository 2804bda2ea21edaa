package io.memorymachine.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import org.HdrHistogram.Histogram;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.system.SystemSettings;

/** What a heap on the volume costs while nothing happens, and after a snapshot, when written blocks are copied first. */
final class SteadySection {
    private static final long HEAP = 1L << 30;
    private static final int ENTRIES = 50_000;
    private static final int QUICK_ENTRIES = 5_000;
    private static final int VALUE_BYTES = 4 << 10;
    private static final int RUNS = 9;
    private static final int ROUND_SECONDS = 6;
    private static final int MINUTE = 60;
    private static final long MOST_NANOS = 60_000_000_000L;

    private static final String VOLUME_HEAP = "heap on the volume";
    private static final String PLAIN_HEAP = "ordinary heap";
    private static final String BEFORE = "minute before a snapshot";
    private static final String AFTER = "minute after a snapshot";

    private final Bench bench;
    private final long heap;
    private final int entries;
    private final Measurements found = new Measurements();

    SteadySection(Bench bench) {
        this.bench = bench;
        this.heap = bench.size(HEAP, HeapSection.SMALLEST);
        this.entries = bench.size(ENTRIES, QUICK_ENTRIES);
    }

    Section run() {
        bench.systems().with(HeapSection.system(bench, heap), this::measure);
        return new Section(
                "steady",
                "What it costs while nothing happens",
                String.format(
                        Locale.ROOT,
                        "One program, twice, that differs in its heap alone: %s on the volume and as usual, touched in whole,"
                                + " outside of any container, %,d entries of %,d bytes, one client that writes and reads in"
                                + " turn: rounds of %d s, the two alternating, %d each. Then a member of that size in its"
                                + " container, behind its bridge, a minute before and a minute after a snapshot that is kept.",
                        Amounts.size(heap),
                        entries,
                        VALUE_BYTES,
                        seconds(),
                        bench.times(RUNS)),
                List.of(grid()),
                List.of(),
                targets(),
                found.all());
    }

    private int seconds() {
        return bench.quick() ? 2 : ROUND_SECONDS;
    }

    private void measure(SystemSettings settings) {
        DataSet data = new DataSet(1, entries, VALUE_BYTES);
        compare(data);
        SnapshotProbe probe = new SnapshotProbe(
                new Services(settings.ports(), bench.directory().token()));
        HazelcastInstance ours = DemoClients.connect(settings, "mm-bench-ours");
        try {
            IMap<Integer, byte[]> map = ours.getMap("bench");
            map.clear();
            DataLoader.load(map, data);
            int minute = bench.quick() ? seconds() : MINUTE;
            round(null, map, seconds());
            round(BEFORE, map, minute);
            String kept = probe.take(ours, false, true).view().name();
            round(AFTER, map, minute);
            probe.delete(kept);
        } finally {
            ours.shutdown();
        }
    }

    /** The heaps alone: neither a container nor its network is between the program and its client. */
    private void compare(DataSet data) {
        Path heaps = bench.directory().volume().resolve("bench-heaps");
        try {
            Files.createDirectories(heaps);
            try (PlainMember onVolume = PlainMember.startWithHeapIn(heaps, bench.processes(), bench.rootfs(), heap);
                    PlainMember ordinary = PlainMember.start(bench.processes(), bench.rootfs(), heap)) {
                compare(onVolume, ordinary, data);
            }
            Files.delete(heaps);
        } catch (IOException e) {
            throw new BenchFailedException("a folder for heaps on the volume: " + e);
        }
    }

    private void compare(PlainMember onVolume, PlainMember ordinary, DataSet data) {
        HazelcastInstance ours = onVolume.connect("mm-bench-volume");
        HazelcastInstance theirs = ordinary.connect("mm-bench-plain");
        try {
            IMap<Integer, byte[]> there = ours.getMap("bench");
            IMap<Integer, byte[]> usual = theirs.getMap("bench");
            DataLoader.load(there, data);
            DataLoader.load(usual, data);
            for (int run = -1; run < bench.times(RUNS); run++) {
                round(run < 0 ? null : VOLUME_HEAP, there, seconds());
                round(run < 0 ? null : PLAIN_HEAP, usual, seconds());
            }
        } finally {
            theirs.shutdown();
            ours.shutdown();
        }
    }

    /** Writes and reads for some seconds; noted under a name unless that is null. */
    private void round(String name, IMap<Integer, byte[]> map, int seconds) {
        Histogram latencies = new Histogram(MOST_NANOS, 3);
        byte[] value = new byte[VALUE_BYTES];
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        long now = begin;
        for (long turn = 0; now < end; turn++) {
            int key = (int) (turn / 2 * 7919 % entries);
            if (turn % 2 == 0) {
                value[(int) (turn % VALUE_BYTES)]++;
                map.set(key, value);
            } else {
                map.get(key);
            }
            long then = System.nanoTime();
            latencies.recordValue(Math.min(MOST_NANOS, then - now));
            now = then;
        }
        if (name == null) {
            return;
        }
        double rate = latencies.getTotalCount() * 1e9 / (now - begin);
        found.add(name + ", operations", "1/s", rate);
        found.add(name + ", p50", "us", latencies.getValueAtPercentile(50) / 1e3);
        found.add(name + ", p99", "us", latencies.getValueAtPercentile(99) / 1e3);
        found.add(name + ", p99.9", "us", latencies.getValueAtPercentile(99.9) / 1e3);
        bench.console().note(name, String.format(Locale.ROOT, "%,.0f operations a second", rate));
    }

    private Grid grid() {
        List<List<String>> rows = new ArrayList<>();
        for (String name : List.of(VOLUME_HEAP, PLAIN_HEAP, BEFORE, AFTER)) {
            rows.add(List.of(
                    name,
                    found.sample(name + ", operations").text(),
                    found.sample(name + ", p50").text(),
                    found.sample(name + ", p99").text(),
                    found.sample(name + ", p99.9").text()));
        }
        return new Grid(
                "Operations a second, and latency in microseconds, median (least-most)",
                List.of("", "Operations/s", "p50", "p99", "p99.9"),
                rows);
    }

    private List<Target> targets() {
        double volume = found.sample(VOLUME_HEAP + ", operations").median();
        double plain = found.sample(PLAIN_HEAP + ", operations").median();
        return List.of(new Target(
                "Throughput on the volume to that of an ordinary heap",
                "at least 0.95",
                String.format(Locale.ROOT, "%.2f", volume / plain),
                volume >= 0.95 * plain));
    }
}
