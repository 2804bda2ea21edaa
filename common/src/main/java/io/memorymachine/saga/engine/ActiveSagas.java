package io.memorymachine.saga.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;

import io.memorymachine.saga.state.SagaPhase;

/**
 * Counts the sagas that have not ended, of all instances together, from time to time and not when it is asked for. While the
 * database does not answer, what it answered last stands.
 */
@ApplicationScoped
class ActiveSagas {
    private static final Logger LOG = Logger.getLogger(ActiveSagas.class);
    private static final List<SagaPhase> PHASES =
            Stream.of(SagaPhase.values()).filter(phase -> !phase.terminal()).toList();

    private static final String COUNT =
            "select type, phase, count(*) from saga where phase = any($1) group by type, phase";

    private final Pool pool;

    /** By type and phase; null until it was counted. */
    private volatile Map<Kind, Long> counted;

    @Inject
    ActiveSagas(Pool pool, @All List<SagaProjection<?>> kinds, MeterRegistry meters) {
        this.pool = pool;
        for (SagaProjection<?> kind : kinds) {
            for (SagaPhase phase : PHASES) {
                Kind of = new Kind(kind.definition().type(), phase.name());
                Gauge.builder("mm.sagas.active", this, sagas -> sagas.count(of))
                        .description("Sagas that have not ended")
                        .tag("type", of.type)
                        .tag("phase", of.phase)
                        .register(meters);
            }
        }
    }

    @Scheduled(
            every = "${mm.saga.count-interval}",
            identity = "active-sagas",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> count() {
        return pool.preparedQuery(COUNT)
                .execute(Tuple.of(PHASES.stream().map(SagaPhase::name).toArray(String[]::new)))
                .invoke(rows -> counted = counts(rows))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("Sagas could not be counted: %s", failure);
                    return null;
                });
    }

    private double count(Kind kind) {
        Map<Kind, Long> last = counted;
        return last == null ? Double.NaN : last.getOrDefault(kind, 0L);
    }

    private static Map<Kind, Long> counts(RowSet<Row> rows) {
        Map<Kind, Long> counts = new HashMap<>();
        rows.forEach(row -> counts.put(new Kind(row.getString(0), row.getString(1)), row.getLong(2)));
        return counts;
    }

    private record Kind(String type, String phase) {}
}
