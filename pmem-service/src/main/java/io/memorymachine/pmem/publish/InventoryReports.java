package io.memorymachine.pmem.publish;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.runtime.PmemConfig;
import io.memorymachine.pmem.volume.VolumeInventory;

/**
 * Tells everybody, at the start and from time to time, what lies on this node's volume. The node knows no sagas: whoever
 * does orders removed what nobody needs.
 */
@ApplicationScoped
public class InventoryReports {
    private final VolumeInventory inventory;
    private final NodePlatform platform;
    private final PmemConfig config;
    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final Clock clock;

    @Inject
    InventoryReports(
            VolumeInventory inventory,
            NodePlatform platform,
            PmemConfig config,
            Mutiny.SessionFactory sessions,
            Outbox outbox,
            OutboxRelay relay,
            Clock clock) {
        this.inventory = inventory;
        this.platform = platform;
        this.config = config;
        this.sessions = sessions;
        this.outbox = outbox;
        this.relay = relay;
        this.clock = clock;
    }

    @Scheduled(
            every = "${mm.pmem.inventory-interval:10m}",
            identity = "inventory-reports",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> report() {
        return VertxContextSupport.executeBlocking(() -> {
                    Instant now = clock.instant();
                    return new InventoryTaken(platform.node(), inventory.list(now.minus(config.orphanAge())), now);
                })
                .chain(taken -> sessions.withTransaction(session -> outbox.fact(session, taken.node(), taken)))
                .invoke(relay::wake);
    }
}
