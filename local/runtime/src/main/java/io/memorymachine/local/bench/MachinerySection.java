package io.memorymachine.local.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.process.LogTail;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.pmem.volume.VolumeLayout;

/** What the services need: time to start, memory, and time to seal. */
final class MachinerySection {
    private static final int MEMBERS = 3;
    private static final long HEAP = 512L << 20;
    private static final long VOLUME = 8L << 30;
    private static final int ENTRIES = 100_000;
    private static final int VALUE_BYTES = 2 << 10;
    private static final int RUNS = 5;
    private static final Duration END_WITHIN = Duration.ofSeconds(30);
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(10);
    private static final int LOG_LINES = 1000;
    private static final String START_TOGETHER = "start, four at once";
    private static final String START_ALONE = "start, alone";
    private static final String RESIDENT_AFTER = "resident";
    private static final Pattern STARTED = Pattern.compile("started in ([0-9.]+)s");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Bench bench;
    private final Measurements found = new Measurements();

    MachinerySection(Bench bench) {
        this.bench = bench;
    }

    Section run() {
        bench.systems().with(bench.systems().settings(MEMBERS, HEAP, VOLUME), this::measure);
        return new Section(
                "machinery",
                "The machinery",
                String.format(
                        Locale.ROOT,
                        "The four services as ./mm starts them, at once with broker and database, and each alone beside the"
                                + " others; their memory after %d snapshots of three members of 512 MiB. Sealing reads every"
                                + " byte of the images, three side by side, for their SHA-256; beside it the rate at which the same files are read side by"
                                + " side past the page cache and thrown away (the volume lies in memory), and that of"
                                + " checksums of bytes in memory, on one processor.",
                        bench.times(RUNS)),
                List.of(services(), seals()),
                List.of(),
                targets(),
                found.all());
    }

    private void measure(SystemSettings settings) {
        SnapshotProbe probe = new SnapshotProbe(
                new Services(settings.ports(), bench.directory().token()));
        HazelcastInstance client = DemoClients.connect(settings, "mm-bench");
        try {
            DataLoader.load(client.getMap("bench"), new DataSet(1, ENTRIES, VALUE_BYTES));
            for (int run = 0; run < bench.times(RUNS); run++) {
                SnapshotProbe.Taken taken = probe.take(client, true, true);
                found.add("seal, time", "ms", taken.step("seal") / 1e3);
                found.add("seal, rate", "MiB/s", taken.view().totalBytes() / 1.048576 / taken.step("seal"));
                ReadingRates rates = ReadingRates.of(
                        bench.directory(),
                        new VolumeLayout(bench.directory().volume())
                                .snapshot(taken.view().id()));
                probe.delete(taken.view().name());
                found.add("volume, read without checksums", "MiB/s", rates.read());
                found.add("memory, CRC32C", "MiB/s", rates.crc32c());
                found.add("memory, SHA-256", "MiB/s", rates.sha256());
            }
        } finally {
            client.shutdown();
        }
        for (ServiceProcess service : ServiceProcess.values()) {
            ProcessRecord process = bench.running(service);
            found.add(key(service, START_TOGETHER), "s", startTime(process));
            found.add(
                    key(service, RESIDENT_AFTER),
                    "MiB",
                    read(Path.of("/proc/" + process.pid() + "/status"), RESIDENT) / 1024);
        }
        startAlone(bench.starter(settings));
    }

    /** Ends each service and starts it again, one at a time, while the others run. */
    private void startAlone(SystemStarter starter) {
        for (int run = 0; run < bench.times(RUNS); run++) {
            for (ServiceProcess service : ServiceProcess.values()) {
                bench.processes().end(List.of(bench.running(service)), END_WITHIN);
                starter.startAgain(service.module());
                found.add(key(service, START_ALONE), "s", startTime(bench.running(service)));
            }
        }
    }

    private static String key(ServiceProcess service, String what) {
        return service.module() + ", " + what;
    }

    /** What Quarkus says of itself, in seconds, once it does: a moment after it is ready. A log begins with its process. */
    private double startTime(ProcessRecord process) {
        Path log = Path.of(process.log());
        bench.processes()
                .awaitReady(
                        process,
                        STARTED_WITHIN,
                        () -> LogTail.of(log, LOG_LINES).stream()
                                .anyMatch(line -> STARTED.matcher(line).find()));
        return read(log, STARTED);
    }

    /** The number in the first group of the first match in a file. */
    private static double read(Path file, Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            if (!matcher.find()) {
                throw new BenchFailedException(file + " does not say '" + pattern + "'");
            }
            return Double.parseDouble(matcher.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Grid services() {
        List<List<String>> rows = new ArrayList<>();
        for (ServiceProcess service : ServiceProcess.values()) {
            rows.add(List.of(
                    service.module(),
                    found.sample(key(service, START_TOGETHER)).text(),
                    found.sample(key(service, START_ALONE)).text(),
                    found.sample(key(service, RESIDENT_AFTER)).text()));
        }
        return new Grid(
                "Services", List.of("Service", "Start, four at once, s", "Start alone, s", "Resident, MiB"), rows);
    }

    private Grid seals() {
        return new Grid(
                "Sealing three images, median (least-most)",
                List.of(
                        "Time, ms",
                        "Rate, MiB/s",
                        "Read without checksums, MiB/s",
                        "SHA-256 in memory, MiB/s",
                        "CRC32C in memory, MiB/s"),
                List.of(List.of(
                        found.sample("seal, time").text(),
                        found.sample("seal, rate").text(),
                        found.sample("volume, read without checksums").text(),
                        found.sample("memory, SHA-256").text(),
                        found.sample("memory, CRC32C").text())));
    }

    private List<Target> targets() {
        double start = 0;
        double resident = 0;
        for (ServiceProcess service : ServiceProcess.values()) {
            start = Math.max(start, found.sample(key(service, START_ALONE)).median());
            resident = Math.max(
                    resident, found.sample(key(service, RESIDENT_AFTER)).median());
        }
        return List.of(
                new Target(
                        "Start of the slowest service, alone",
                        "under 2 s",
                        String.format(Locale.ROOT, "%.1f s", start),
                        start < 2),
                new Target(
                        "Resident memory of the largest service",
                        "under 200 MiB",
                        String.format(Locale.ROOT, "%.0f MiB", resident),
                        resident < 200));
    }
}
