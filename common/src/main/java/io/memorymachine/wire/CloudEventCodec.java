package io.memorymachine.wire;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.reactive.messaging.ce.IncomingCloudEventMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Message;

/** Translates between message records and CloudEvents. Unknown fields are ignored, so that newer senders are understood. */
@ApplicationScoped
public class CloudEventCodec {
    private final ObjectMapper json;
    private final URI source;

    @Inject
    CloudEventCodec(ObjectMapper json, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.json = json;
        this.source = URI.create("/io.memorymachine/" + service);
    }

    /** The data of a message. */
    public String data(Message message) {
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(message.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    /** The attributes that go with a message. */
    public OutgoingCloudEventMetadata<Object> attributes(
            String id, String wireType, String subject, Correlation correlation, String node, Instant time) {
        var attributes = OutgoingCloudEventMetadata.builder()
                .withId(id)
                .withType(wireType)
                .withSource(source)
                .withTimestamp(time.atZone(ZoneOffset.UTC))
                .withDataContentType("application/json");
        if (subject != null) {
            attributes.withSubject(subject);
        }
        if (correlation != null) {
            attributes
                    .withExtension(Attributes.SAGA_ID, correlation.sagaId())
                    .withExtension(Attributes.SAGA_STEP, correlation.step())
                    .withExtension(Attributes.COMMAND_KEY, correlation.commandKey())
                    .withExtension(Attributes.ATTEMPT, Integer.toString(correlation.attempt()))
                    .withExtension(Attributes.REPLY_TO, correlation.replyTo());
        }
        if (node != null) {
            attributes.withExtension(Attributes.NODE, node);
        }
        return attributes.build();
    }

    /**
     * Reads a received message.
     *
     * @param onlyNode messages for other nodes than this are not decoded; null to decode all
     * @throws MalformedMessageException if it is no CloudEvent, or its data do not fit its type
     */
    public Envelope decode(org.eclipse.microprofile.reactive.messaging.Message<byte[]> received, String onlyNode) {
        IncomingCloudEventMetadata<?> event = received.getMetadata(IncomingCloudEventMetadata.class)
                .orElseThrow(() -> new MalformedMessageException("not a CloudEvent: no ce_ headers", null));
        String node = extension(event, Attributes.NODE).orElse(null);
        Correlation correlation = correlation(event);
        Message message = null;
        if (node == null || onlyNode == null || node.equals(onlyNode)) {
            message = Contracts.find(event.getType())
                    .map(type -> read(received.getPayload(), type))
                    .orElse(null);
        }
        return new Envelope(event.getId(), event.getType(), correlation, node, message, traceparent(received));
    }

    /**
     * Reads data that this service wrote itself.
     *
     * @throws IllegalStateException if they do not fit: the row stems from another version
     */
    public <M extends Message> M read(String wireType, String data, Class<M> kind) {
        return Contracts.find(wireType)
                .map(type -> kind.cast(read(data.getBytes(StandardCharsets.UTF_8), type)))
                .orElseThrow(() -> new IllegalStateException("a stored message has the unknown type " + wireType));
    }

    private Message read(byte[] data, Class<? extends Message> type) {
        if (data == null) {
            throw new MalformedMessageException(Message.wireType(type) + " without data", null);
        }
        try {
            Message message = json.readValue(data, type);
            if (message == null) {
                throw new MalformedMessageException(Message.wireType(type) + " with null as its data", null);
            }
            return message;
        } catch (IOException e) {
            throw new MalformedMessageException(
                    "data do not fit " + Message.wireType(type) + ": " + firstLine(e.getMessage()), e);
        }
    }

    private static Correlation correlation(IncomingCloudEventMetadata<?> event) {
        Optional<String> key = extension(event, Attributes.COMMAND_KEY);
        if (key.isEmpty()) {
            return null;
        }
        try {
            return new Correlation(
                    extension(event, Attributes.SAGA_ID).orElse(null),
                    extension(event, Attributes.SAGA_STEP).orElse(null),
                    key.get(),
                    Integer.parseInt(extension(event, Attributes.ATTEMPT).orElse("1")),
                    extension(event, Attributes.REPLY_TO).orElse(null));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new MalformedMessageException("incomplete correlation: " + e.getMessage(), e);
        }
    }

    private static Optional<String> extension(IncomingCloudEventMetadata<?> event, String name) {
        return event.getExtension(name).map(String::valueOf);
    }

    private static String traceparent(org.eclipse.microprofile.reactive.messaging.Message<?> received) {
        return received.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(record -> record.getHeaders().lastHeader("traceparent"))
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .orElse(null);
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }
}
