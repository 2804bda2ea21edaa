package io.memorymachine.saga.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.outbox.Transactions;
import io.memorymachine.runtime.KeyedSerializer;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.Envelope;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Takes replies from Kafka, those of one saga in their order and those of different sagas side by side, and hands them to the
 * engine. A duplicate finds its command settled and changes nothing, so no inbox row is needed; a malformed reply goes to the
 * dead-letter topic.
 */
@ApplicationScoped
public class ReplyIntake {
    private static final Logger LOG = Logger.getLogger(ReplyIntake.class);
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Enough to keep all connections to the database at work; those behind wait on the broker. */
    private static final int MOST_IN_FLIGHT = 64;

    private final KeyedSerializer serializer = new KeyedSerializer();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CloudEventCodec codec;
    private final SagaEngine engine;
    private final MeterRegistry meters;

    @Inject
    ReplyIntake(CloudEventCodec codec, SagaEngine engine, MeterRegistry meters) {
        this.codec = codec;
        this.engine = engine;
        this.meters = meters;
    }

    /**
     * Takes one message and acknowledges it once its effect is committed. The returned Uni ends at once, so that the next
     * message is read meanwhile, or with the effect where as many are under way as may be.
     */
    public Uni<Void> take(Message<byte[]> received) {
        Envelope envelope;
        try {
            envelope = decode(received);
        } catch (MalformedMessageException malformed) {
            return refuse(received, malformed);
        }
        inFlight.incrementAndGet();
        Uni<Void> taken = serializer
                .submit(envelope.correlation().sagaId(), () -> move(envelope))
                .chain(() -> Uni.createFrom().completionStage(received.ack()))
                .onFailure(MalformedMessageException.class)
                .recoverWithUni(malformed -> refuse(received, malformed))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.errorf(failure, "A reply could not be taken");
                    return Uni.createFrom().completionStage(received.nack(failure));
                })
                .eventually(inFlight::decrementAndGet)
                .memoize()
                .indefinitely();
        taken.subscribe().with(done -> {}, failure -> LOG.errorf(failure, "acknowledgement failed"));
        return inFlight.get() < MOST_IN_FLIGHT
                ? Uni.createFrom().voidItem()
                : taken.onFailure().recoverWithNull();
    }

    private Uni<Void> move(Envelope envelope) {
        return Transactions.repeating(() -> engine.onReply(envelope.correlation(), (Reply) envelope.message()));
    }

    private Uni<Void> refuse(Message<byte[]> received, Throwable malformed) {
        LOG.warnf("Refused a message: %s", malformed.getMessage());
        meters.counter("mm.messages.poison").increment();
        return Uni.createFrom().completionStage(received.nack(malformed));
    }

    private Envelope decode(Message<byte[]> received) {
        Envelope envelope = codec.decode(received, null);
        if (!(envelope.message() instanceof Reply)
                || envelope.correlation() == null
                || !UUID.matcher(envelope.correlation().sagaId()).matches()) {
            throw new MalformedMessageException(envelope.wireType() + " is no reply to a saga", null);
        }
        return envelope;
    }
}
