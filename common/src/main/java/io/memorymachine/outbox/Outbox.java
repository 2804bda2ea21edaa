package io.memorymachine.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.log.Traces;
import io.memorymachine.wire.CloudEventCodec;

/**
 * Writes messages into the outbox, in the caller's session and transaction: if that does not commit, nothing is sent. After
 * the commit the caller wakes the {@link OutboxRelay}; should it die before, the relay's poll finds the rows.
 */
@ApplicationScoped
public class Outbox {
    private final CloudEventCodec codec;
    private final ObjectMapper json;
    private final Clock clock;
    private final long longest;

    /** Where there is no current one; null for none. */
    private final String traceparent;

    @Inject
    Outbox(
            CloudEventCodec codec,
            ObjectMapper json,
            Clock clock,
            @ConfigProperty(name = "mm.messages.max-size") MemorySize longest) {
        this(codec, json, clock, longest.asLongValue(), null);
    }

    private Outbox(CloudEventCodec codec, ObjectMapper json, Clock clock, long longest, String traceparent) {
        this.codec = codec;
        this.json = json;
        this.clock = clock;
        this.longest = longest;
        this.traceparent = traceparent;
    }

    /**
     * This outbox, for messages that belong to this trace unless they are written within another one: what a poll continues
     * was begun by a request.
     *
     * @param traceparent null for none
     */
    public Outbox within(String traceparent) {
        return new Outbox(codec, json, clock, longest, traceparent);
    }

    /** Sends a command to a participant's topic. The event's id tells attempts apart. */
    public Uni<Void> command(Mutiny.Session session, String topic, Command command, Correlation correlation) {
        OutboxRow row = row(topic, correlation.sagaId(), command);
        row.eventId = correlation.commandKey() + "#" + correlation.attempt();
        row.node = command.targetNode();
        row.correlation = write(correlation);
        return session.persist(row);
    }

    /** Answers a command. */
    public Uni<Void> reply(Mutiny.Session session, Reply reply, Correlation correlation) {
        OutboxRow row = row(correlation.replyTo(), correlation.sagaId(), reply);
        row.correlation = write(correlation);
        return session.persist(row);
    }

    /**
     * Tells everybody a fact.
     *
     * @param key facts of one key keep their order; the CloudEvents subject
     */
    public Uni<Void> fact(Mutiny.Session session, String key, Fact fact) {
        OutboxRow row = row(Topics.EVENTS, key, fact);
        row.subject = key;
        return session.persist(row);
    }

    private OutboxRow row(String topic, String key, Message message) {
        OutboxRow row = new OutboxRow();
        row.topic = topic;
        row.key = key;
        row.eventId = UUID.randomUUID().toString();
        row.wireType = message.wireType();
        row.data = data(message);
        row.traceparent = Traces.currentOr(traceparent);
        row.createdAt = clock.instant();
        return row;
    }

    /** What the broker would not take stays out: the relay could not get past it. */
    private String data(Message message) {
        String data = codec.data(message);
        int size = data.getBytes(StandardCharsets.UTF_8).length;
        if (size > longest) {
            throw new OperationFailedException(
                    FailureReason.PAYLOAD_TOO_LARGE,
                    message.wireType() + " has " + size + " bytes, at most " + longest + " are sent");
        }
        return data;
    }

    private String write(Correlation correlation) {
        try {
            return json.writeValueAsString(correlation);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a correlation cannot be written as JSON", e);
        }
    }
}
