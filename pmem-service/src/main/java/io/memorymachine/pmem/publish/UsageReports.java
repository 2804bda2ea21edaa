package io.memorymachine.pmem.publish;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

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

    @Inject
    UsageReports(
            VolumeMeter meter,
            PmemVolume volume,
            UnknownSnapshots unknown,
            NodePlatform platform,
            Mutiny.SessionFactory sessions,
            Outbox outbox,
            OutboxRelay relay,
            Clock clock) {
        this.meter = meter;
        this.volume = volume;
        this.unknown = unknown;
        this.platform = platform;
        this.sessions = sessions;
        this.outbox = outbox;
        this.relay = relay;
        this.clock = clock;
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
        return now().chain(usage -> sessions.withTransaction(session -> outbox.fact(session, usage.node(), usage)))
                .invoke(relay::wake);
    }
}
