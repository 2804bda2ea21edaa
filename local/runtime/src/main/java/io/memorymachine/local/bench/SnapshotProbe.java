package io.memorymachine.local.bench;

import java.time.Duration;
import java.util.function.Consumer;

import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.client.ProblemException;
import io.memorymachine.local.api.RestoreView;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.api.SnapshotView;
import io.memorymachine.local.api.StepView;
import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.demo.StallClock.Stall;
import io.memorymachine.local.demo.StallMeter;
import io.memorymachine.local.system.SystemSettings;

/** Takes and restores snapshots under a client that never rests, and says what it saw. */
final class SnapshotProbe {
    private static final Duration WITHIN = Duration.ofMinutes(5);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(60);
    private static final String METER = "bench-meter";

    private final Services services;
    private final int attempts;
    private final Consumer<String> failed;
    private int number;

    /** One for which a snapshot that fails is the end of the section. */
    SnapshotProbe(Services services) {
        this(services, 1, why -> {});
    }

    /**
     * One that takes a snapshot again which fails.
     *
     * @param attempts how often each is tried at most
     * @param failed told why a snapshot failed that is tried again
     */
    SnapshotProbe(Services services, int attempts, Consumer<String> failed) {
        this.services = services;
        this.attempts = attempts;
        this.failed = failed;
    }

    /**
     * A snapshot that was taken.
     *
     * @param longestFrozenMicros of its members
     * @param stall what the client saw from the request to the seal
     */
    record Taken(SnapshotView view, long longestFrozenMicros, Stall stall, long millis) {
        /** How long a step took, in microseconds; 0 where there was none. */
        long step(String name) {
            return view.steps().stream()
                    .filter(step -> step.name().equals(name))
                    .mapToLong(StepView::micros)
                    .sum();
        }
    }

    /** A restore that was carried out; times in milliseconds. */
    record Restored(RestoreView view, Stall stall, long millis, long destroyedToActive) {}

    /** Takes a snapshot; deleted at once unless it is to be kept. */
    Taken take(HazelcastInstance client, boolean pause, boolean keep) {
        for (int attempt = 1; attempt < attempts; attempt++) {
            try {
                return takeOnce(client, pause, keep);
            } catch (SnapshotFailedException e) {
                failed.accept(e.getMessage());
            }
        }
        return takeOnce(client, pause, keep);
    }

    private Taken takeOnce(HazelcastInstance client, boolean pause, boolean keep) {
        String name = "bench-" + ++number;
        try (StallMeter meter = new StallMeter(client.getMap(METER)).start()) {
            awaitOperations(meter, Phase.STEADY);
            meter.enter(Phase.SNAPSHOT);
            long from = System.nanoTime();
            services.requestSnapshot(name, SystemSettings.NAMESPACE, SystemSettings.WORKLOAD, pause ? "" : "--nopause");
            services.followSnapshot(name, WITHIN, any -> {});
            long millis = (System.nanoTime() - from) / 1_000_000;
            meter.enter(Phase.STEADY);
            SnapshotView view = services.snapshot(name);
            if (!view.phase().equals("sealed")) {
                throw new SnapshotFailedException("a snapshot is " + view.phase() + ": " + view.failure());
            }
            if (!keep) {
                delete(name);
            }
            long longest = view.members().stream()
                    .mapToLong(SnapshotView.Member::frozenMicros)
                    .max()
                    .orElse(0);
            return new Taken(view, longest, meter.stall(Phase.SNAPSHOT), millis);
        }
    }

    /** Restores a snapshot without a safety snapshot; the gap in the stall is that from the last to the first success. */
    Restored restore(HazelcastInstance client, String snapshot) {
        try (StallMeter meter = new StallMeter(client.getMap(METER)).start()) {
            awaitOperations(meter, Phase.STEADY);
            meter.enter(Phase.RESTORE);
            long from = System.nanoTime();
            String name = services.requestRestore(snapshot, false).name();
            services.followRestore(name, WITHIN, any -> {});
            long millis = (System.nanoTime() - from) / 1_000_000;
            RestoreView view = services.restore(name);
            if (!view.phase().equals("completed")) {
                throw new BenchFailedException("a restore is " + view.phase() + ": " + view.failure());
            }
            awaitOperations(meter, Phase.RESTORE);
            long active = Duration.between(view.destroyedAt(), view.activeAt()).toMillis();
            return new Restored(view, meter.stall(Phase.RESTORE), millis, active);
        }
    }

    /** Deletes a snapshot and waits until it is gone. */
    void delete(String name) {
        services.deleteSnapshot(name);
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                services.snapshot(name);
            } catch (ProblemException gone) {
                if (gone.reason().equals("SNAPSHOT_NOT_FOUND")) {
                    return;
                }
                throw gone;
            }
            pause(50);
        }
        throw new BenchFailedException(name + " is not deleted after " + GONE_WITHIN.toSeconds() + " s");
    }

    /** A snapshot that was not taken; the cluster is as it was. */
    private static final class SnapshotFailedException extends BenchFailedException {
        private static final long serialVersionUID = 1L;

        private SnapshotFailedException(String message) {
            super(message);
        }
    }

    /** Waits until the client works. */
    private static void awaitOperations(StallMeter meter, Phase phase) {
        long before = meter.stall(phase).operations();
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (meter.stall(phase).operations() < before + 200) {
            if (System.nanoTime() > deadline) {
                throw new BenchFailedException("the client does not get anything done: " + meter.stall(phase));
            }
            pause(10);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailedException("interrupted");
        }
    }
}
