package io.memorymachine.saga.engine;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.participant.CommandDispatcher;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.state.SagaState;

/** The smallest service there can be: it runs rehearsals and executes their commands itself. */
@ApplicationScoped
class RehearsalService implements SagaProjection<Rehearsal> {
    @Inject
    SagaEngine engine;

    @Inject
    Mutiny.SessionFactory sessions;

    @Override
    public SagaDefinition<Rehearsal> definition() {
        return Rehearsal.DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(Mutiny.Session session, SagaState<Rehearsal> before, SagaState<Rehearsal> after) {
        return Uni.createFrom().item(List.of());
    }

    /** Starts a rehearsal and returns when that is committed. */
    void start(UUID id, Rehearsal data) {
        await(start(id, data, null));
    }

    Uni<Void> start(UUID id, Rehearsal data, Correlation origin) {
        return sessions.withTransaction(session -> engine.start(session, this, id, "rehearsal", data, origin))
                .invoke(engine::sent)
                .replaceWithVoid();
    }

    SagaState<Rehearsal> find(UUID id) {
        return await(Uni.createFrom().deferred(() -> sessions.withSession(session -> engine.find(session, this, id))));
    }

    /** Rows in a table. */
    long count(String table) {
        return await(Uni.createFrom()
                .deferred(() -> sessions.withSession(
                        session -> session.createNativeQuery("select count(*) from " + table, Long.class)
                                .getSingleResult())));
    }

    static <T> T await(Uni<T> uni) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> uni);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The channels, as every service has them. */
    @ApplicationScoped
    static class Channels {
        @Inject
        CommandDispatcher dispatcher;

        @Inject
        ReplyIntake replies;

        @Incoming("commands")
        Uni<Void> command(Message<byte[]> message) {
            return dispatcher.dispatch(message);
        }

        @Incoming("replies")
        Uni<Void> reply(Message<byte[]> message) {
            return replies.take(message);
        }
    }
}
