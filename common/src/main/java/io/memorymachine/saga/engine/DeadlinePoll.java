package io.memorymachine.saga.engine;

import java.time.Clock;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;

/** Wakes sagas whose deadline has passed. Deadlines are rows: whichever instance polls first picks a saga up. */
@ApplicationScoped
class DeadlinePoll {
    private static final Logger LOG = Logger.getLogger(DeadlinePoll.class);
    private static final int AT_ONCE = 100;

    /** Plain SQL: the first thing that a service asks of its database need not load a parser of Hibernate's language. */
    private static final String DUE = "select id from saga where wake_at <= $1 order by wake_at limit $2";

    private final SagaEngine engine;
    private final Pool pool;
    private final Clock clock;

    private volatile boolean stopping;

    @Inject
    DeadlinePoll(SagaEngine engine, Pool pool, Clock clock) {
        this.engine = engine;
        this.pool = pool;
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
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(clock.instant().atOffset(ZoneOffset.UTC), AT_ONCE))
                .chain(due -> Multi.createFrom()
                        .iterable(due)
                        .map(row -> row.getUUID("id"))
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
