package io.memorymachine.snapshot.inbound.kafka;

import java.util.Map;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.outbox.Transactions;
import io.memorymachine.snapshot.store.Holds;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Gives back what a restore still holds when it says that it has ended: its command to do so may have been given up while
 * this service was away for long, and nobody else could work on the workload any more. Each fact is taken in one instance.
 */
@ApplicationScoped
public class EndedRestores {
    private static final Logger LOG = Logger.getLogger(EndedRestores.class);

    /** The facts that end a restore, with the restore's id in them. */
    private static final Map<String, Function<Object, String>> ENDS = Map.of(
            wireType(RestoreFact.Completed.class), fact -> ((RestoreFact.Completed) fact).restoreId(),
            wireType(RestoreFact.Failed.class), fact -> ((RestoreFact.Failed) fact).restoreId(),
            wireType(RestoreFact.RolledBack.class), fact -> ((RestoreFact.RolledBack) fact).restoreId());

    private final CloudEventCodec codec;
    private final Mutiny.SessionFactory sessions;
    private final Holds holds;

    @Inject
    EndedRestores(CloudEventCodec codec, Mutiny.SessionFactory sessions, Holds holds) {
        this.codec = codec;
        this.sessions = sessions;
        this.holds = holds;
    }

    @Incoming("restores")
    Uni<Void> take(Message<byte[]> received) {
        String type = CloudEventCodec.typeOf(received);
        Function<Object, String> restoreId = type == null ? null : ENDS.get(type);
        if (restoreId == null) {
            return Uni.createFrom().completionStage(received.ack());
        }
        String restore;
        try {
            restore = restoreId.apply(codec.decode(received, null).message());
        } catch (MalformedMessageException malformed) {
            LOG.warnf("Refused the end of a restore: %s", malformed.getMessage());
            return Uni.createFrom().completionStage(received.nack(malformed));
        }
        return Transactions.repeating(() -> sessions.withTransaction(session -> holds.release(session, restore)))
                .chain(() -> Uni.createFrom().completionStage(received.ack()))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.errorf(failure, "restore=%s what it holds could not be given back", restore);
                    return Uni.createFrom().completionStage(received.nack(failure));
                });
    }

    private static String wireType(Class<? extends RestoreFact> fact) {
        return io.memorymachine.contract.envelope.Message.wireType(fact);
    }
}
