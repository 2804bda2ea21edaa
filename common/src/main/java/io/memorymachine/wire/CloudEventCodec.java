package io.memorymachine.wire;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Topics;

/** Translates between message records and CloudEvents. Unknown fields are ignored, so that newer senders are understood. */
@ApplicationScoped
public class CloudEventCodec {
    /** Deeper nesting than any message has. */
    private static final int NESTING = 32;

    /** A longer text than any message holds, a failure's included. */
    private static final int TEXT = 16 * 1024;

    private final ObjectMapper json;
    private final ObjectReader reader;
    private final URI source;

    @Inject
    CloudEventCodec(ObjectMapper json, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.json = json;
        this.reader = json.copyWith(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(NESTING)
                                .maxStringLength(TEXT)
                                .build())
                        .build())
                .registerModule(new SimpleModule().addDeserializer(String.class, new PlainText()))
                .reader();
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
        EventHeaders event = EventHeaders.of(received);
        String node = event.find(Attributes.NODE);
        Correlation correlation = correlation(event);
        Message message = null;
        if (node == null || onlyNode == null || node.equals(onlyNode)) {
            message = Contracts.find(event.type())
                    .map(type -> read(received.getPayload(), type))
                    .orElse(null);
        }
        return new Envelope(event.id(), event.type(), correlation, node, message, event.traceparent());
    }

    /** The wire type of a received message, or null where it is no CloudEvent: for those who pass most types over. */
    public static String typeOf(org.eclipse.microprofile.reactive.messaging.Message<byte[]> received) {
        try {
            return EventHeaders.of(received).type();
        } catch (MalformedMessageException noEvent) {
            return null;
        }
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
            Message message = reader.forType(type).readValue(data);
            if (message == null) {
                throw new MalformedMessageException(Message.wireType(type) + " with null as its data", null);
            }
            return message;
        } catch (IOException e) {
            throw new MalformedMessageException(
                    "data do not fit " + Message.wireType(type) + ": " + firstLine(e.getMessage()), e);
        }
    }

    private static Correlation correlation(EventHeaders event) {
        String key = event.find(Attributes.COMMAND_KEY);
        if (key == null) {
            return null;
        }
        try {
            String attempt = event.find(Attributes.ATTEMPT);
            Correlation correlation = new Correlation(
                    event.find(Attributes.SAGA_ID),
                    event.find(Attributes.SAGA_STEP),
                    key,
                    attempt == null ? 1 : Integer.parseInt(attempt),
                    event.find(Attributes.REPLY_TO));
            // A reply to a topic that does not exist would stay in the outbox, and everything behind it.
            if (!Topics.REPLIES.contains(correlation.replyTo())) {
                throw new IllegalArgumentException("no topic of replies: " + correlation.replyTo());
            }
            if (!key.startsWith(correlation.sagaId() + "/" + correlation.step() + "/")) {
                throw new IllegalArgumentException("the key is not the step's");
            }
            return correlation;
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new MalformedMessageException("incomplete correlation: " + e.getMessage(), e);
        }
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }
}
