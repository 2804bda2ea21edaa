package io.memorymachine.saga.engine;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.quarkus.runtime.ShutdownEvent;
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

    private volatile boolean stopping;

    @Inject
    DeadlinePoll(SagaEngine engine, SagaStore store, Mutiny.SessionFactory sessions, Clock clock) {
        this.engine = engine;
        this.store = store;
        this.sessions = sessions;
        this.clock = clock;
    }

    void onStop(@Observes ShutdownEvent stopped) {
        stopping = true;
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
                .onFailure()
                .recoverWithItem(failure -> {
                    // What is due stays due. The pool closes before the scheduler ends, which is no news.
                    if (!stopping) {
                        LOG.warnf("Overdue sagas could not be looked for, tried again at the next poll: %s", failure);
                    }
                    return null;
                })
                .replaceWithVoid();
    }
}
