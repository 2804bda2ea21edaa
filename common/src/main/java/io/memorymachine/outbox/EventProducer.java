package io.memorymachine.outbox;

import java.nio.charset.StandardCharsets;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

import io.memorymachine.log.Traces;

/** The service's one producer of messages. Never blocks; what was sent of one key first arrives first. */
@ApplicationScoped
class EventProducer {
    private final MutinyEmitter<byte[]> emitter;

    @Inject
    EventProducer(@Channel("outbox") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    /**
     * Sends a message when subscribed to, and emits when the broker has it. While the broker is away that takes as long as
     * Kafka's {@code delivery.timeout.ms}, so whoever sends without a bound fills the memory.
     *
     * @param traceparent null for none
     */
    Uni<Void> send(
            String topic, String key, OutgoingCloudEventMetadata<Object> attributes, String traceparent, String data) {
        var record = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(topic)
                .withKey(key)
                .build();
        return emitter.sendMessage(Message.of(
                data.getBytes(StandardCharsets.UTF_8),
                Metadata.of(attributes, record, TracingMetadata.withCurrent(Traces.context(traceparent)))));
    }
}
