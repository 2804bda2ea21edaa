package io.memorymachine.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.api.Progress;
import io.memorymachine.local.api.RestoreView;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.api.SnapshotView;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.demo.DataLoader.Verification;
import io.memorymachine.local.demo.DemoReport.CapturedMember;
import io.memorymachine.local.demo.DemoReport.ClientPart;
import io.memorymachine.local.demo.DemoReport.Parameters;
import io.memorymachine.local.demo.DemoReport.Preparation;
import io.memorymachine.local.demo.DemoReport.RestorePart;
import io.memorymachine.local.demo.DemoReport.RestoredMember;
import io.memorymachine.local.demo.DemoReport.SnapshotPart;
import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;

/** Runs the demonstration on a system that is up, and keeps what it finds until the report is asked for. */
public final class DemoRun {
    /** The snapshot's name. */
    public static final String SNAPSHOT = "hz-snap-test";

    private static final Duration SAGA_WITHIN = Duration.ofMinutes(5);
    private static final long SEED = 42;
    private static final long OTHER_SEED = 1337;
    private static final String SEALED = "sealed";
    private static final String COMPLETED = "completed";

    private final SystemSettings settings;
    private final DemoOptions options;
    private final Console console;
    private final Services services;
    private final DataSet data;
    private final Instant startedAt;
    private final List<String> differences = new ArrayList<>();
    private Preparation preparation;
    private SnapshotPart snapshot;
    private RestorePart restore;
    private ClientPart client;
    private Verification verification;

    /**
     * A demonstration.
     *
     * @param startedAt when the command began
     */
    public DemoRun(
            RunDirectory directory, SystemSettings settings, DemoOptions options, Console console, Instant startedAt) {
        this.settings = settings;
        this.options = options;
        this.console = console;
        this.services = new Services(settings.ports(), directory.token());
        this.data = new DataSet(SEED, options.entries(), options.valueBytes());
        this.startedAt = startedAt;
    }

    /**
     * Loads, takes the snapshot, overwrites, restores and verifies.
     *
     * @param up how long it took to bring the system up
     */
    public void run(Duration up) {
        HazelcastInstance loader = DemoClients.connect(settings, "mm-demo-loader");
        HazelcastInstance busy = DemoClients.connect(settings, "mm-demo-busy");
        try {
            IMap<Integer, byte[]> map = loader.getMap("demo");
            console.section("Load");
            Duration load = timed("wrote " + count(data), () -> DataLoader.load(map, data));
            preparation = new Preparation(up.toMillis(), load.toMillis());
            try (StallMeter meter = new StallMeter(busy.getMap("demo-busy")).start()) {
                takeSnapshot(meter);
                overwrite(map);
                restoreSnapshot(meter);
                verify(map);
                client = new ClientPart(
                        meter.stall(Phase.STEADY), meter.stall(Phase.SNAPSHOT), meter.stall(Phase.RESTORE));
            }
            compare();
        } finally {
            busy.shutdown();
            loader.shutdown();
        }
    }

    /** Adds something that kept the demonstration from being completed. */
    public void failed(String why) {
        differences.add(why);
    }

    /** What was found until now. */
    public DemoReport report() {
        Parameters parameters = new Parameters(
                settings.members(),
                settings.heapBytes(),
                options.entries(),
                options.valueBytes(),
                settings.volumeBytes(),
                settings.volumeInMemory(),
                options.profileOptions(),
                Runtime.getRuntime().availableProcessors());
        boolean complete = verification != null && client != null;
        return new DemoReport(
                DemoReport.FORMAT,
                startedAt,
                Duration.between(startedAt, Instant.now()).toMillis(),
                complete && differences.isEmpty(),
                List.copyOf(differences),
                parameters,
                preparation,
                snapshot,
                restore,
                client,
                verification,
                complete ? Targets.of(options.pause(), snapshot, restore, client) : List.of());
    }

    private void takeSnapshot(StallMeter meter) {
        console.section("Snapshot " + SNAPSHOT);
        meter.enter(Phase.SNAPSHOT);
        long from = System.nanoTime();
        services.requestSnapshot(SNAPSHOT, SystemSettings.NAMESPACE, SystemSettings.WORKLOAD, options.profileOptions());
        services.followSnapshot(SNAPSHOT, SAGA_WITHIN, this::show);
        SnapshotView taken = services.snapshot(SNAPSHOT);
        meter.enter(Phase.STEADY);
        snapshot = part(taken, millisSince(from));
        if (!taken.phase().equals(SEALED)) {
            throw new DemoFailedException("the snapshot is " + taken.phase()
                    + (taken.failure() == null
                            ? ""
                            : ": " + taken.failure().reason() + ", "
                                    + taken.failure().message()));
        }
    }

    private void overwrite(IMap<Integer, byte[]> map) {
        console.section("Overwrite");
        timed("cleared the map", map::clear);
        // Other values under half of the keys, the other half missing, and a key that did not exist before.
        DataSet other = new DataSet(OTHER_SEED, options.entries() / 2 + 1, options.valueBytes());
        timed("wrote other values: " + count(other), () -> DataLoader.load(map, other));
        map.put(options.entries() + 1, new byte[] {1});
        Verification before =
                DataLoader.verify(map, new DataSet(SEED, Math.min(1000, options.entries()), options.valueBytes()));
        if (before.equal() != 0) {
            throw new DemoFailedException("the data were not overwritten");
        }
    }

    private void restoreSnapshot(StallMeter meter) {
        console.section("Restore " + SNAPSHOT);
        meter.enter(Phase.RESTORE);
        long from = System.nanoTime();
        String name = services.requestRestore(SNAPSHOT).name();
        services.followRestore(name, SAGA_WITHIN, this::show);
        RestoreView restored = services.restore(name);
        restore = part(restored, millisSince(from));
        if (!restored.phase().equals(COMPLETED)) {
            throw new DemoFailedException("the restore is " + restored.phase()
                    + (restored.failure() == null
                            ? ""
                            : ": " + restored.failure().reason() + ", "
                                    + restored.failure().message()));
        }
    }

    private void verify(IMap<Integer, byte[]> map) {
        console.section("Verify");
        timed("compared " + count(data) + " by value", () -> verification = DataLoader.verify(map, data));
    }

    private void compare() {
        if (!verification.same()) {
            differences.add("of " + verification.expected() + " entries " + verification.equal() + " are equal, "
                    + verification.different() + " different, " + verification.missing() + " missing, and "
                    + verification.unexpected() + " unexpected");
        }
        if (snapshot.members().size() != settings.members()) {
            differences.add("the snapshot holds " + snapshot.members().size() + " members, not " + settings.members());
        }
        restore.members().stream()
                .filter(member -> !member.moved())
                .forEach(member -> differences.add(member.pod() + " kept its address " + member.oldIp()));
        if (restore.members().size() != settings.members()) {
            differences.add("the restore brought " + restore.members().size() + " members, not " + settings.members());
        }
        long wrong = client.steady().wrongReads() + client.snapshot().wrongReads();
        if (wrong > 0) {
            differences.add("the busy client read " + wrong + " values that were not those it had just written");
        }
    }

    private void show(Progress progress) {
        String step = progress.step();
        Duration took = Duration.ofNanos(progress.micros() * 1000);
        switch (progress.status()) {
            case "started" -> {
                // Its end is shown, with the time that it took.
            }
            case "finished" -> console.line(StepLine.of(step, took));
            case "failed" -> console.failed(String.valueOf(step), StepLine.reason(progress));
            case "retried" -> console.warn(String.valueOf(step), "tried again" + StepLine.reason(progress));
            default -> {
                if (step == null) {
                    console.note("saga", progress.status() + StepLine.reason(progress));
                }
            }
        }
    }

    private Duration timed(String what, Runnable work) {
        long from = System.nanoTime();
        work.run();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        console.done(what, took, "");
        return took;
    }

    private static SnapshotPart part(SnapshotView view, long millis) {
        List<CapturedMember> members = view.members().stream()
                .map(member -> new CapturedMember(
                        member.pod(),
                        member.ip(),
                        member.frozenAt(),
                        member.frozenMicros(),
                        member.heapBytes(),
                        member.criuBytes(),
                        member.mode()))
                .toList();
        long longest =
                members.stream().mapToLong(CapturedMember::frozenMicros).max().orElse(0);
        return new SnapshotPart(
                view.name(),
                millis,
                view.captureMode(),
                view.totalBytes(),
                view.uniqueBytes(),
                view.pausedMicros(),
                longest,
                spreadMicros(members),
                members,
                view.steps());
    }

    private static long spreadMicros(List<CapturedMember> members) {
        List<Instant> frozen = members.stream()
                .map(CapturedMember::frozenAt)
                .filter(at -> at != null)
                .sorted(Comparator.naturalOrder())
                .toList();
        return frozen.isEmpty()
                ? 0
                : Duration.between(frozen.get(0), frozen.get(frozen.size() - 1)).toNanos() / 1000;
    }

    private static RestorePart part(RestoreView view, long millis) {
        long destroyedToActive = view.destroyedAt() == null || view.activeAt() == null
                ? 0
                : Duration.between(view.destroyedAt(), view.activeAt()).toMillis();
        List<RestoredMember> members = view.members().stream()
                .map(member ->
                        new RestoredMember(member.pod(), member.oldIp(), member.newIp(), member.materializedMicros()))
                .toList();
        return new RestorePart(millis, destroyedToActive, view.safetySnapshot(), members, view.steps());
    }

    private static String count(DataSet data) {
        return String.format(Locale.ROOT, "%,d entries", data.entries());
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
