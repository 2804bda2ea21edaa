package io.memorymachine.saga.engine;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaMachine;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Moves sagas: loads and locks the state, lets {@link SagaMachine} decide, and writes the new state, the outgoing messages
 * and the projection in one transaction. If the service dies before the commit, the input comes again (Kafka) or is still
 * due (deadline); if it dies after, the outbox holds what is to be sent.
 */
@ApplicationScoped
public class SagaEngine {
    private static final Logger LOG = Logger.getLogger(SagaEngine.class);

    private final Map<String, SagaProjection<?>> kinds = new HashMap<>();
    private final Mutiny.SessionFactory sessions;
    private final SagaStore store;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final MeterRegistry meters;
    private final Clock clock;

    @Inject
    SagaEngine(
            @All List<SagaProjection<?>> kinds,
            Mutiny.SessionFactory sessions,
            SagaStore store,
            Outbox outbox,
            OutboxRelay relay,
            MeterRegistry meters,
            Clock clock) {
        kinds.forEach(kind -> this.kinds.put(kind.definition().type(), kind));
        this.sessions = sessions;
        this.store = store;
        this.outbox = outbox;
        this.relay = relay;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Starts a saga in the caller's transaction, together with the rows that it belongs to. The caller wakes the relay
     * after the commit ({@link #sent()}).
     *
     * @param name what it works on, for people
     * @param origin the command that asked for it and gets the reply at its end, or null
     */
    public <D> Uni<SagaState<D>> start(
            Mutiny.Session session, SagaProjection<D> kind, UUID id, String name, D data, Correlation origin) {
        SagaState<D> created = SagaState.create(id, kind.definition().type(), name, data, origin, clock.instant());
        Decision<D> decision = new SagaMachine<>(kind.definition()).start(created, clock.instant());
        return store.insert(session, decision.state())
                .chain(() -> perform(session, kind, null, decision, outbox))
                .replaceWith(decision.state());
    }

    /** Publishes what a committed transaction has put into the outbox. */
    public void sent() {
        relay.wake();
    }

    /**
     * Takes a reply; one that nobody waits for is counted and otherwise left alone. Fails with a
     * {@link MalformedMessageException}, the saga unchanged, if it is no answer to the command that it names.
     */
    public Uni<Void> onReply(Correlation correlation, Reply reply) {
        String target = correlation
                .commandKey()
                .substring(
                        correlation.sagaId().length() + 1 + correlation.step().length() + 1);
        return move(
                        UUID.fromString(correlation.sagaId()),
                        new Input("reply " + reply.wireType() + " to " + correlation.commandKey()) {
                            @Override
                            <D> Decision<D> decide(SagaMachine<D> machine, SagaState<D> state) {
                                return machine.reply(
                                        state,
                                        correlation.step(),
                                        target,
                                        correlation.attempt(),
                                        reply,
                                        clock.instant());
                            }
                        })
                .invoke(verdict -> {
                    if (verdict == Decision.Verdict.UNFIT) {
                        throw new MalformedMessageException(
                                reply.wireType() + " is no answer to " + correlation.commandKey(), null);
                    }
                })
                .replaceWithVoid();
    }

    /**
     * Cancels a saga.
     *
     * @return what became of it; PAST_NO_RETURN also where the saga has ended or does not exist
     */
    public Uni<Decision.Verdict> cancel(UUID id) {
        return move(id, new Input("cancel") {
            @Override
            <D> Decision<D> decide(SagaMachine<D> machine, SagaState<D> state) {
                return machine.cancel(state, clock.instant());
            }
        });
    }

    /** Sends again or gives up what is overdue; done by any instance. */
    Uni<Void> wake(UUID id) {
        return move(id, new Input("deadline") {
                    @Override
                    <D> Decision<D> decide(SagaMachine<D> machine, SagaState<D> state) {
                        return machine.wake(state, clock.instant());
                    }
                })
                .replaceWithVoid();
    }

    /** The state of a saga as last committed, or null. */
    public <D> Uni<SagaState<D>> find(Mutiny.Session session, SagaProjection<D> kind, UUID id) {
        return store.find(session, id).map(row -> row == null ? null : store.read(row, kind.definition()));
    }

    /** Where those of these sagas stand that exist, by their ids as text. */
    public Uni<Map<String, SagaPhase>> phases(Mutiny.Session session, List<UUID> ids) {
        return store.phases(session, ids);
    }

    private Uni<Decision.Verdict> move(UUID id, Input input) {
        return sessions.withTransaction(session -> store.lock(session, id).chain(row -> {
                    if (row == null) {
                        LOG.warnf("saga=%s is unknown: %s ignored", id, input.what);
                        return Uni.createFrom().item(Decision.Verdict.PAST_NO_RETURN);
                    }
                    return step(session, kind(row.type), row, input);
                }))
                .invoke(relay::wake);
    }

    private <D> Uni<Decision.Verdict> step(Mutiny.Session session, SagaProjection<D> kind, SagaRow row, Input input) {
        SagaState<D> before = store.read(row, kind.definition());
        Decision<D> decision = input.decide(new SagaMachine<>(kind.definition()), before);
        if (decision.verdict() != Decision.Verdict.TAKEN) {
            LOG.debugf("saga=%s step=%s: %s is %s", row.id, before.step(), input.what, decision.verdict());
            meters.counter(
                            "mm.saga.inputs.refused",
                            "verdict",
                            decision.verdict().name())
                    .increment();
            return Uni.createFrom().item(decision.verdict());
        }
        store.write(row, decision.state());
        return perform(session, kind, before, decision, outbox.within(row.traceparent))
                .replaceWith(decision.verdict());
    }

    private <D> Uni<Void> perform(
            Mutiny.Session session,
            SagaProjection<D> kind,
            SagaState<D> before,
            Decision<D> decision,
            Outbox messages) {
        SagaState<D> after = decision.state();
        Uni<Void> written = Uni.createFrom().voidItem();
        for (Decision.Send send : decision.sends()) {
            written = written.chain(() -> messages.command(
                    session, send.dispatch().topic(), send.dispatch().command(), send.correlation()));
        }
        for (Decision.Answer answer : decision.answers()) {
            written = written.chain(() -> messages.reply(session, answer.reply(), answer.correlation()));
        }
        written = written.chain(() -> kind.project(session, before, after))
                .chain(facts -> facts(session, after, facts, messages));
        List<SagaFact.Progressed> progress = ProgressFacts.of(before, after);
        progress.forEach(this::measure);
        written = written.chain(() -> facts(session, after, progress, messages));
        if (after.phase().terminal()) {
            meters.counter(
                            "mm.sagas.ended",
                            "type",
                            after.type(),
                            "phase",
                            after.phase().name(),
                            "reason",
                            after.failure() == null
                                    ? ""
                                    : after.failure().reason().name())
                    .increment();
            LOG.infof("saga=%s type=%s name=%s ended: %s", after.id(), after.type(), after.name(), after.phase());
        }
        return written;
    }

    /** How long each step took, those that undo another one too; a transition that is rolled back may count twice. */
    private void measure(SagaFact.Progressed progress) {
        if (progress.step() != null && progress.micros() > 0) {
            meters.timer(
                            "mm.saga.step",
                            "type",
                            progress.sagaType(),
                            "step",
                            progress.step(),
                            "status",
                            progress.status())
                    .record(progress.micros(), TimeUnit.MICROSECONDS);
        }
    }

    private Uni<Void> facts(Mutiny.Session session, SagaState<?> saga, List<? extends Fact> facts, Outbox messages) {
        Uni<Void> written = Uni.createFrom().voidItem();
        for (Fact fact : facts) {
            written = written.chain(() -> messages.fact(session, saga.id().toString(), fact));
        }
        return written;
    }

    private SagaProjection<?> kind(String type) {
        SagaProjection<?> kind = kinds.get(type);
        if (kind == null) {
            throw new IllegalStateException("a stored saga has the unknown type " + type);
        }
        return kind;
    }

    /** What a saga is moved by; generic in the saga's data, hence no lambda. */
    private abstract static class Input {
        private final String what;

        Input(String what) {
            this.what = what;
        }

        abstract <D> Decision<D> decide(SagaMachine<D> machine, SagaState<D> state);
    }
}
