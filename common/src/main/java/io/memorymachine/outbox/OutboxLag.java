package io.memorymachine.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import org.jboss.logging.Logger;

/**
 * Measures what waits in the outbox, from time to time and not when it is asked for. While the database does not answer, what
 * it answered last stands, and goes on growing old.
 */
@ApplicationScoped
class OutboxLag {
    private static final Logger LOG = Logger.getLogger(OutboxLag.class);
    private static final String WAITING = "select count(*), min(created_at) from outbox";

    private final Pool pool;
    private final Clock clock;

    /** Null until it was measured. */
    private volatile Waiting waiting;

    @Inject
    OutboxLag(Pool pool, MeterRegistry meters, Clock clock) {
        this.pool = pool;
        this.clock = clock;
        Gauge.builder("mm.outbox.unsent", this, OutboxLag::messages)
                .description("Messages that wait in the outbox")
                .baseUnit("messages")
                .register(meters);
        Gauge.builder("mm.outbox.oldest.age", this, OutboxLag::seconds)
                .description("For how long the oldest message has waited in the outbox")
                .baseUnit("seconds")
                .register(meters);
    }

    @Scheduled(
            every = "${mm.metrics.interval}",
            identity = "outbox-lag",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> measure() {
        return pool.query(WAITING)
                .execute()
                .invoke(rows -> waiting = Waiting.of(rows.iterator().next()))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("The outbox could not be measured: %s", failure);
                    return null;
                });
    }

    private double messages() {
        Waiting last = waiting;
        return last == null ? Double.NaN : last.messages;
    }

    private double seconds() {
        Waiting last = waiting;
        if (last == null) {
            return Double.NaN;
        }
        return last.oldest == null
                ? 0
                : Math.max(0, Duration.between(last.oldest, clock.instant()).toMillis() / 1000.0);
    }

    /** How many messages there are, and when the oldest was written; null where there is none. */
    private record Waiting(long messages, Instant oldest) {
        static Waiting of(Row row) {
            OffsetDateTime oldest = row.getOffsetDateTime(1);
            return new Waiting(row.getLong(0), oldest == null ? null : oldest.toInstant());
        }
    }
}
