package io.memorymachine.history;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;

/**
 * Deletes what has ended long ago, a bounded number of rows in each statement. Any instance may do it at any time; what one
 * run does not get to, the next one does.
 */
@ApplicationScoped
public class HistoryCleanUp {
    private static final Logger LOG = Logger.getLogger(HistoryCleanUp.class);
    private static final int BATCH = 500;

    /** So long may a command be repeated: the longest step with all its attempts. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(50);

    private final List<Perishable> perishables;
    private final HistoryConfig config;
    private final Pool pool;
    private final MeterRegistry meters;
    private final Clock clock;

    private volatile boolean stopping;

    @Inject
    HistoryCleanUp(
            @All List<Perishable> perishables, HistoryConfig config, Pool pool, MeterRegistry meters, Clock clock) {
        this.perishables = perishables;
        this.config = config;
        this.pool = pool;
        this.meters = meters;
        this.clock = clock;
    }

    void onStart(@Observes StartupEvent started) {
        if (config.keep().compareTo(LONGEST_STEP) < 0) {
            LOG.warnf(
                    "mm.history.keep is %s: a command that is repeated for longer, at most %s, is executed again",
                    config.keep(), LONGEST_STEP);
        }
    }

    void onStop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    /** Deletes what is due. Emits when that is done; never fails. */
    @Scheduled(
            every = "${mm.history.clean-up-interval:1h}",
            delayed = "${mm.history.clean-up-delay:30s}",
            identity = "history-clean-up",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public Uni<Void> run() {
        OffsetDateTime before = clock.instant().minus(config.keep()).atOffset(ZoneOffset.UTC);
        return Multi.createFrom()
                .iterable(perishables)
                .onItem()
                .transformToUniAndConcatenate(perishable -> forget(perishable, before))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> forget(Perishable perishable, OffsetDateTime before) {
        return batch(perishable, before)
                .chain(deleted -> deleted < BATCH ? Uni.createFrom().voidItem() : forget(perishable, before))
                .onFailure()
                .recoverWithItem(failure -> {
                    // The pool closes before the scheduler ends, which is no news.
                    if (!stopping) {
                        LOG.warnf("Old rows (%s) stay, tried again at the next run: %s", perishable.kind(), failure);
                    }
                    return null;
                });
    }

    private Uni<Integer> batch(Perishable perishable, OffsetDateTime before) {
        return pool.preparedQuery(perishable.deletion())
                .execute(Tuple.of(before, BATCH))
                .map(rows -> rows.rowCount())
                .invoke(deleted -> {
                    meters.counter("mm.history.deleted", "kind", perishable.kind())
                            .increment(deleted);
                    LOG.debugf("%d old rows deleted: %s", deleted, perishable.kind());
                });
    }
}
