package io.memorymachine.pmem.publish;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.pmem.PmemFact.UsageReported;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.VolumeMeter;
import io.memorymachine.pmem.volume.VolumeUsage;

/** Tells everybody, from time to time, how full this node's volume is. */
@ApplicationScoped
public class UsageReports {
    private final VolumeMeter meter;
    private final PmemVolume volume;
    private final UnknownSnapshots unknown;
    private final NodePlatform platform;
    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final Clock clock;

    /** As it was last reported; null before that. */
    private final AtomicReference<UsageReported> reported = new AtomicReference<>();

    @Inject
    UsageReports(
            VolumeMeter meter,
            PmemVolume volume,
            UnknownSnapshots unknown,
            NodePlatform platform,
            Mutiny.SessionFactory sessions,
            Outbox outbox,
            OutboxRelay relay,
            MeterRegistry meters,
            Clock clock) {
        this.meter = meter;
        this.volume = volume;
        this.unknown = unknown;
        this.platform = platform;
        this.sessions = sessions;
        this.outbox = outbox;
        this.relay = relay;
        this.clock = clock;
        gauge(meters, "capacity", UsageReported::capacity);
        gauge(meters, "live", UsageReported::live);
        gauge(meters, "snapshots", UsageReported::snapshots);
        gauge(meters, "shared", UsageReported::shared);
        gauge(meters, "reserved", UsageReported::reserved);
        gauge(meters, "free", UsageReported::free);
    }

    /** The usage now; measured on a worker thread. */
    public Uni<UsageReported> now() {
        return VertxContextSupport.executeBlocking(() -> {
            VolumeUsage usage = meter.usage();
            return new UsageReported(
                    platform.node(),
                    volume.kind(),
                    usage.capacity(),
                    usage.live(),
                    usage.snapshots(),
                    usage.shared(),
                    usage.reserved(),
                    usage.free(),
                    clock.instant(),
                    unknown.count());
        });
    }

    @Scheduled(
            every = "${mm.pmem.usage-interval:30s}",
            identity = "usage-reports",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> report() {
        return now().invoke(reported::set)
                .chain(usage -> sessions.withTransaction(session -> outbox.fact(session, usage.node(), usage)))
                .invoke(relay::wake);
    }

    /** Not a number until something was reported: no volume is empty because nobody has looked. */
    private void gauge(MeterRegistry meters, String kind, ToLongFunction<UsageReported> bytes) {
        meters.gauge(
                "mm.pmem.bytes",
                Tags.of("kind", kind),
                reported,
                last -> last.get() == null ? Double.NaN : bytes.applyAsLong(last.get()));
    }
}
