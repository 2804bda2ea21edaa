package io.memorymachine.pmem.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import io.memorymachine.contract.snapshot.SnapshotFact.InventoryChecked;
import io.memorymachine.pmem.publish.UnknownSnapshots;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Takes what came of this node's inventories. Other facts are passed over without being decoded. One that cannot be taken is
 * dropped: the next inventory is checked again.
 */
@ApplicationScoped
public class CheckedInventories {
    private static final Logger LOG = Logger.getLogger(CheckedInventories.class);
    private static final String CHECKED = io.memorymachine.contract.envelope.Message.wireType(InventoryChecked.class);

    private final CloudEventCodec codec;
    private final UnknownSnapshots unknown;

    @Inject
    CheckedInventories(CloudEventCodec codec, UnknownSnapshots unknown) {
        this.codec = codec;
        this.unknown = unknown;
    }

    @Incoming("facts")
    Uni<Void> take(Message<byte[]> received) {
        boolean checked = CHECKED.equals(CloudEventCodec.typeOf(received));
        if (!checked) {
            return Uni.createFrom().completionStage(received.ack());
        }
        InventoryChecked fact;
        try {
            fact = (InventoryChecked) codec.decode(received, null).message();
        } catch (MalformedMessageException malformed) {
            LOG.warnf("Refused a fact: %s", malformed.getMessage());
            return Uni.createFrom().completionStage(received.nack(malformed));
        }
        return unknown.take(fact)
                .onFailure()
                .invoke(failure -> LOG.warnf("What came of an inventory was not taken: %s", failure))
                .onFailure()
                .recoverWithNull()
                .chain(() -> Uni.createFrom().completionStage(received.ack()));
    }
}
