package io.memorymachine.saga.engine;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Wakes sagas whose deadline has passed. Deadlines are rows: whichever instance polls first picks a saga up. */
@ApplicationScoped
class DeadlinePoll {
    private static final Logger LOG = Logger.getLogger(DeadlinePoll.class);
    private static final int AT_ONCE = 100;

    private final SagaEngine engine;
    private final SagaStore store;
    private final Mutiny.SessionFactory sessions;
    private final Clock clock;

    @Inject
    DeadlinePoll(SagaEngine engine, SagaStore store, Mutiny.SessionFactory sessions, Clock clock) {
        this.engine = engine;
        this.store = store;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Scheduled(
            every = "${mm.saga.deadline-poll-interval:1s}",
            identity = "saga-deadlines",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> poll() {
        return sessions.withSession(session -> store.due(session, clock.instant(), AT_ONCE))
                .chain(due -> Multi.createFrom()
                        .iterable(due)
                        .onItem()
                        .transformToUniAndConcatenate(
                                id -> engine.wake(id).onFailure().recoverWithItem(failure -> {
                                    LOG.errorf(failure, "saga=%s could not be woken, tried again at the next poll", id);
                                    return null;
                                }))
                        .collect()
                        .last())
                .replaceWithVoid();
    }
}
