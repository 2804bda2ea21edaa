package io.memorymachine.snapshot.orchestrate.take;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

/** What snapshots have cost: for how long clusters stood still, and what the images take. */
@ApplicationScoped
class SnapshotMeters {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry meters;
    private final Timer pause;
    private final Timer frozen;

    @Inject
    SnapshotMeters(MeterRegistry meters) {
        this.meters = meters;
        this.pause = timer("mm.snapshot.pause", "For how long clusters were passive");
        this.frozen = timer("mm.snapshot.frozen", "For how long members were frozen");
    }

    /** A cluster that was passive counts also where the snapshot failed. */
    void ended(SagaState<SnapshotData> saga) {
        SnapshotData d = saga.data();
        if (d.pausedMicros() > 0) {
            pause.record(d.pausedMicros(), TimeUnit.MICROSECONDS);
        }
        d.captured().forEach(member -> frozen.record(member.frozenMicros(), TimeUnit.MICROSECONDS));
        if (saga.phase() == SagaPhase.COMPLETED) {
            d.images().forEach(this::sealed);
        }
    }

    private void sealed(SealedImage image) {
        meters.counter("mm.snapshot.sealed.bytes", "kind", "all").increment(image.totalBytes());
        meters.counter("mm.snapshot.sealed.bytes", "kind", "unique").increment(image.uniqueBytes());
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BOUNDS)
                .register(meters);
    }
}
