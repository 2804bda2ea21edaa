package io.memorymachine.snapshot.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.contract.workload.Names;
import io.memorymachine.outbox.Transactions;
import io.memorymachine.snapshot.orchestrate.orphan.Orphans;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Takes nodes' inventories, each in one instance. Other facts are passed over without being decoded. An inventory that
 * cannot be looked through is dropped: the node takes another.
 */
@ApplicationScoped
public class Inventories {
    private static final Logger LOG = Logger.getLogger(Inventories.class);
    private static final String INVENTORY = io.memorymachine.contract.envelope.Message.wireType(InventoryTaken.class);

    private final CloudEventCodec codec;
    private final Orphans orphans;

    @Inject
    Inventories(CloudEventCodec codec, Orphans orphans) {
        this.codec = codec;
        this.orphans = orphans;
    }

    @Incoming("inventories")
    Uni<Void> take(Message<byte[]> received) {
        boolean inventory = INVENTORY.equals(CloudEventCodec.typeOf(received));
        if (!inventory) {
            return Uni.createFrom().completionStage(received.ack());
        }
        InventoryTaken taken;
        try {
            taken = requirePlausible(
                    (InventoryTaken) codec.decode(received, null).message());
        } catch (MalformedMessageException malformed) {
            LOG.warnf("Refused an inventory: %s", malformed.getMessage());
            return Uni.createFrom().completionStage(received.nack(malformed));
        }
        return Transactions.repeating(() -> orphans.check(taken))
                .onFailure()
                .invoke(failure -> LOG.warnf("node=%s its inventory was not looked through: %s", taken.node(), failure))
                .onFailure()
                .recoverWithNull()
                .chain(() -> Uni.createFrom().completionStage(received.ack()));
    }

    private static InventoryTaken requirePlausible(InventoryTaken taken) {
        boolean plausible = taken.node() != null
                && !taken.node().isBlank()
                && taken.at() != null
                && taken.holdings() != null
                && taken.holdings().size() <= InventoryTaken.MOST_HOLDINGS
                && taken.holdings().stream()
                        .allMatch(
                                holding -> holding != null && Names.isLabel(holding.id()) && holding.content() != null)
                && taken.holdings().stream()
                                .map(InventoryTaken.Holding::id)
                                .distinct()
                                .count()
                        == taken.holdings().size();
        if (!plausible) {
            throw new MalformedMessageException("an inventory that no node takes", null);
        }
        return taken;
    }
}
