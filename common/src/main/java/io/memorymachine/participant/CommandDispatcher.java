package io.memorymachine.participant;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.NoSpace;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.outbox.InboxRow;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;
import io.memorymachine.outbox.Transactions;
import io.memorymachine.runtime.KeyedSerializer;
import io.memorymachine.runtime.OwnContext;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.Envelope;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Takes commands from Kafka, has them executed once in effect, and replies.
 *
 * <p>If the service dies before the handler ends: the command comes again and is executed again. If it dies after the
 * handler and before the commit: likewise, hence handlers are idempotent. If it dies after the commit: the command comes
 * again and gets the recorded reply. A failure that may pass is not recorded, so that a retry executes the command again.
 * While the database is away, commands wait for it, for ten minutes at most.
 */
@ApplicationScoped
public class CommandDispatcher {
    private static final Logger LOG = Logger.getLogger(CommandDispatcher.class);

    private final Map<Class<? extends Command>, CommandHandler<? extends Command>> handlers = new HashMap<>();
    private final KeyedSerializer serializer = new KeyedSerializer();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Mutiny.SessionFactory sessions;
    private final CloudEventCodec codec;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Optional<String> node;
    private final int mostInFlight;

    @Inject
    CommandDispatcher(
            @All List<CommandHandler<? extends Command>> handlers,
            Mutiny.SessionFactory sessions,
            CloudEventCodec codec,
            Outbox outbox,
            OutboxRelay relay,
            MeterRegistry meters,
            Clock clock,
            @ConfigProperty(name = "mm.node.name") Optional<String> node,
            @ConfigProperty(name = "mm.commands.max-in-flight") int mostInFlight) {
        for (CommandHandler<? extends Command> handler : handlers) {
            if (this.handlers.put(handler.commandType(), handler) != null) {
                throw new IllegalStateException("two handlers for " + handler.commandType());
            }
        }
        this.sessions = sessions;
        this.codec = codec;
        this.outbox = outbox;
        this.relay = relay;
        this.meters = meters;
        this.clock = clock;
        this.node = node;
        this.mostInFlight = mostInFlight;
        meters.gauge("mm.commands.in.flight", inFlight);
    }

    /**
     * Executes one received command and acknowledges it when its outcome is committed. The returned Uni ends at once, so
     * that the next message is read while this one is executed, or with the execution where as many run as are allowed.
     * Commands of one saga are executed in order. A malformed message is refused, which sends it to the dead-letter topic.
     */
    public Uni<Void> dispatch(Message<byte[]> received) {
        Envelope envelope;
        try {
            envelope = codec.decode(received, node.orElse(null));
            if (envelope.message() != null
                    && !(envelope.message() instanceof Command && envelope.correlation() != null)) {
                return refuse(received, new MalformedMessageException(envelope.wireType() + " is no command", null));
            }
        } catch (MalformedMessageException malformed) {
            return refuse(received, malformed);
        }
        if (envelope.message() == null
                || !handlers.containsKey(envelope.message().getClass())) {
            boolean others = envelope.node() != null
                    && !node.map(envelope.node()::equals).orElse(true);
            return others
                    ? Uni.createFrom().completionStage(received.ack())
                    : refuse(received, new MalformedMessageException("no handler for " + envelope.wireType(), null));
        }
        inFlight.incrementAndGet();
        Uni<Void> execution = serializer
                .submit(envelope.correlation().sagaId(), () -> execute(envelope))
                .chain(() -> Uni.createFrom().completionStage(received.ack()))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.errorf(
                            failure,
                            "command=%s could not be settled",
                            envelope.correlation().commandKey());
                    return Uni.createFrom().completionStage(received.nack(failure));
                })
                .eventually(inFlight::decrementAndGet)
                .memoize()
                .indefinitely();
        execution.subscribe().with(done -> {}, failure -> LOG.errorf(failure, "acknowledgement failed"));
        return inFlight.get() < mostInFlight
                ? Uni.createFrom().voidItem()
                : execution.onFailure().recoverWithNull();
    }

    private Uni<Void> refuse(Message<byte[]> received, MalformedMessageException malformed) {
        LOG.warnf("Refused a message: %s", malformed.getMessage());
        meters.counter("mm.messages.poison").increment();
        return Uni.createFrom().completionStage(received.nack(malformed));
    }

    private Uni<Void> execute(Envelope envelope) {
        String key = envelope.correlation().commandKey();
        return Transactions.repeating(() -> recorded(key)
                        .chain(row -> row != null
                                ? repeat(row, envelope)
                                : handled(envelope).chain(settled -> settle(settled, envelope))))
                .invoke(relay::wake);
    }

    private Uni<InboxRow> recorded(String key) {
        return sessions.withSession(session -> session.find(InboxRow.class, key));
    }

    private Uni<Void> repeat(InboxRow row, Envelope envelope) {
        if (row.replyType() == null) {
            return Uni.createFrom().voidItem();
        }
        LOG.debugf(
                "command=%s is repeated, so is its reply",
                envelope.correlation().commandKey());
        Reply reply = codec.read(row.replyType(), row.reply(), Reply.class);
        return sessions.withTransaction(session -> outbox.reply(session, reply, envelope.correlation()));
    }

    /** Only a handler that was itself stopped by a backing service that is away is called again, and it is idempotent. */
    private Uni<Settled> handled(Envelope envelope) {
        CommandContext context = new CommandContext(envelope.correlation(), envelope.traceparent());
        return Transactions.outliving(() -> invoke(envelope, context))
                .onItem()
                .transform(outcome -> new Settled(outcome, true))
                .onFailure()
                .recoverWithItem(failure -> refused(failure, envelope));
    }

    /**
     * A database that is away delays the record; the handler has had its effect and is not called again for that. Where the
     * commit succeeded and its confirmation was lost, the next attempt finds the row.
     */
    private Uni<Void> settle(Settled settled, Envelope envelope) {
        return Transactions.outliving(() -> record(settled, envelope))
                // A check that needs the transaction's locks refuses in there; nothing of it was written.
                .onFailure(OperationFailedException.class)
                .recoverWithUni(refusal -> Transactions.outliving(() -> record(refused(refusal, envelope), envelope)));
    }

    @SuppressWarnings("unchecked") // handlers are registered by the very type that they declare
    private Uni<Outcome> invoke(Envelope envelope, CommandContext context) {
        Command command = (Command) envelope.message();
        CommandHandler<Command> handler = (CommandHandler<Command>) handlers.get(command.getClass());
        return OwnContext.returning(() -> handler.handle(command, context));
    }

    private Settled refused(Throwable thrown, Envelope envelope) {
        Throwable failure = NoSpace.translated(thrown);
        boolean foreseen = failure instanceof OperationFailedException;
        boolean retryable = !foreseen || ((OperationFailedException) failure).retryable();
        String key = envelope.correlation().commandKey();
        if (foreseen) {
            LOG.warnf("command=%s refused: %s %s", key, Failure.of(failure).reason(), failure.getMessage());
        } else {
            LOG.errorf(failure, "command=%s failed unforeseen", key);
        }
        return new Settled(Outcome.reply(new CommandFailed(Failure.of(failure), retryable)), !retryable);
    }

    private Uni<Void> record(Settled settled, Envelope envelope) {
        Outcome outcome = settled.outcome();
        return sessions.withTransaction(session -> {
            Uni<Void> written = Uni.createFrom().voidItem();
            if (settled.recorded()) {
                written = written.chain(() -> session.persist(inboxRow(envelope, outcome.reply())));
            }
            if (outcome.store() != null) {
                written = written.chain(() -> outcome.store().apply(session));
            }
            if (outcome.reply() != null) {
                written = written.chain(() -> outbox.reply(session, outcome.reply(), envelope.correlation()));
            }
            for (Fact fact : outcome.facts()) {
                written = written.chain(
                        () -> outbox.fact(session, envelope.correlation().sagaId(), fact));
            }
            return written;
        });
    }

    private InboxRow inboxRow(Envelope envelope, Reply reply) {
        return new InboxRow(
                envelope.correlation().commandKey(),
                reply == null ? null : reply.wireType(),
                reply == null ? null : codec.data(reply),
                clock.instant());
    }

    /** An outcome, and whether repetitions of the command get it without a new execution. */
    private record Settled(Outcome outcome, boolean recorded) {}
}
