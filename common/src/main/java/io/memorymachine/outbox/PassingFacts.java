package io.memorymachine.outbox;

import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.log.Traces;
import io.memorymachine.wire.CloudEventCodec;

/**
 * Tells facts that are only worth something now: past the outbox, in no transaction, at most once. One that the broker does
 * not take is gone.
 */
@ApplicationScoped
public class PassingFacts {
    private final EventProducer producer;
    private final CloudEventCodec codec;
    private final Clock clock;

    @Inject
    PassingFacts(EventProducer producer, CloudEventCodec codec, Clock clock) {
        this.producer = producer;
        this.codec = codec;
        this.clock = clock;
    }

    /**
     * Tells a fact when subscribed to, and emits when the broker has it. The caller waits for that before it tells the next
     * one, so that no more than one of its facts is ever on the way.
     *
     * @param key facts of one key keep their order; the CloudEvents subject
     */
    public Uni<Void> tell(String key, Fact fact) {
        var attributes =
                codec.attributes(UUID.randomUUID().toString(), fact.wireType(), key, null, null, clock.instant());
        return producer.send(Topics.EVENTS, key, attributes, Traces.NOT_SAMPLED, codec.data(fact));
    }
}
