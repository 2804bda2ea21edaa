package io.memorymachine.local.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

import io.memorymachine.local.bench.BenchReport.Curve;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Plot;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.console.Amounts;

import static io.memorymachine.local.bench.HeapFigures.CLIENT_GAP;
import static io.memorymachine.local.bench.HeapFigures.DESTROYED_TO_ACTIVE;
import static io.memorymachine.local.bench.HeapFigures.EXPORT;
import static io.memorymachine.local.bench.HeapFigures.FROZEN;
import static io.memorymachine.local.bench.HeapFigures.OURS;
import static io.memorymachine.local.bench.HeapFigures.RATES;
import static io.memorymachine.local.bench.HeapFigures.RELOAD;
import static io.memorymachine.local.bench.HeapFigures.RESTORE;
import static io.memorymachine.local.bench.HeapFigures.STALL;
import static io.memorymachine.local.bench.HeapFigures.STOPPING;
import static io.memorymachine.local.bench.HeapFigures.TO_DISK;
import static io.memorymachine.local.bench.HeapFigures.WHOLE;

/** The tables, plots and targets of one member with a growing heap. */
final class HeapTables {
    private final HeapFigures found;
    private final List<Long> heaps;

    /** Of these heaps, in their order. */
    HeapTables(HeapFigures found, List<Long> heaps) {
        this.found = found;
        this.heaps = heaps;
    }

    List<Grid> grids() {
        List<String> stalling =
                Stream.concat(STOPPING.stream(), Stream.of(EXPORT)).toList();
        return List.of(
                grid("Frozen time in milliseconds, median (least-most)", FROZEN, STOPPING),
                grid("Longest stall of a client in milliseconds, median (least-most)", STALL, stalling),
                grid("Until a logical export is durable, in milliseconds", WHOLE, List.of(EXPORT)),
                restores());
    }

    private Grid grid(String title, String what, List<String> methods) {
        List<List<String>> rows = new ArrayList<>();
        for (long heap : heaps) {
            for (int rate : RATES) {
                List<String> row = new ArrayList<>(List.of(Amounts.size(heap), WriteLoad.name(rate)));
                methods.forEach(
                        method -> row.add(found.sample(method, what, heap, rate).text()));
                rows.add(row);
            }
        }
        List<String> headings = new ArrayList<>(List.of("Heap", "Writes"));
        headings.addAll(methods);
        return new Grid(title, headings, rows);
    }

    private Grid restores() {
        List<List<String>> rows = new ArrayList<>();
        for (long heap : heaps) {
            rows.add(List.of(
                    Amounts.size(heap),
                    found.sample(RESTORE, DESTROYED_TO_ACTIVE, heap, 0).text(),
                    found.sample(RESTORE, CLIENT_GAP, heap, 0).text(),
                    found.sample(RELOAD, WHOLE, heap, 0).text()));
        }
        return new Grid(
                "Restore in milliseconds, median (least-most)",
                List.of("Heap", "Members destroyed to ACTIVE", "Client without success", "Reload through a client"),
                rows);
    }

    List<Plot> plots() {
        List<Curve> frozen = new ArrayList<>();
        List<Curve> stalls = new ArrayList<>();
        for (String method : STOPPING) {
            curve(method, heap -> found.sample(method, FROZEN, heap, 0), frozen);
            curve(method, heap -> found.sample(method, STALL, heap, 0), stalls);
        }
        curve(EXPORT, heap -> found.sample(EXPORT, STALL, heap, 0), stalls);
        List<Curve> restore = new ArrayList<>();
        curve(RESTORE, heap -> found.sample(RESTORE, DESTROYED_TO_ACTIVE, heap, 0), restore);
        curve(RELOAD, heap -> found.sample(RELOAD, WHOLE, heap, 0), restore);
        curve(EXPORT, heap -> found.sample(EXPORT, WHOLE, heap, 0), restore);
        return List.of(
                new Plot("frozen", "Frozen time over heap size, no writes", "heap in MiB", "ms", frozen),
                new Plot("stall", "Longest stall of a client over heap size, no writes", "heap in MiB", "ms", stalls),
                new Plot("restore", "Restore, reload and export over heap size", "heap in MiB", "ms", restore));
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

    /** They need heaps of 512 MiB, 2 and 8 GiB. */
    List<Target> targets() {
        double small = found.sample(OURS, FROZEN, 512L << 20, 0).median();
        double large = found.sample(OURS, FROZEN, 8L << 30, 0).median();
        double ours = found.sample(OURS, FROZEN, 2L << 30, 0).median();
        double disk = found.sample(TO_DISK, FROZEN, 2L << 30, 0).median();
        double reload = found.sample(RELOAD, WHOLE, 2L << 30, 0).median();
        double restore = found.sample(RESTORE, DESTROYED_TO_ACTIVE, 2L << 30, 0).median();
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
}
