package io.memorymachine.outbox;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.wire.CloudEventCodec;

/**
 * Publishes the outbox in the order of its rows: at least once, since a crash between the broker's acknowledgement and the
 * commit of the deletion publishes again.
 *
 * <p>At most one pass runs at a time, in an instance and among instances (an advisory lock of the schema): whoever shared
 * the rows with another could overtake it. A pass is one transaction of its own connection, outside Hibernate's sessions,
 * and each wait is bounded: a pass that hangs is given up and its rows stay.
 */
@ApplicationScoped
public class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 200;
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration PASS_TIMEOUT = Duration.ofSeconds(30);

    /**
     * One pass at a time among all instances, or a later message of a saga could overtake an earlier one. The pass does not
     * wait until its deletion is on disk: one that a crash of the database takes back is published again.
     */
    private static final String LOCK = """
            select set_config('synchronous_commit', 'off', true),
                   pg_advisory_xact_lock(hashtext(current_schema()), hashtext('outbox relay'))""";

    private static final String TAKE = """
            select id, topic, message_key, event_id, wire_type, subject, node, correlation, traceparent, data, created_at
            from outbox order by id limit $1""";
    private static final String DELETE = "delete from outbox where id = any($1)";

    private final Pool pool;
    private final EventProducer producer;
    private final CloudEventCodec codec;
    private final ObjectMapper json;

    /** Wakes that no finished pass has covered; a pass runs exactly while this is not 0. */
    private final AtomicInteger pending = new AtomicInteger();

    private volatile boolean stopping = true;

    @Inject
    OutboxRelay(Pool pool, EventProducer producer, CloudEventCodec codec, ObjectMapper json) {
        this.pool = pool;
        this.producer = producer;
        this.codec = codec;
        this.json = json;
    }

    void onStart(@Observes StartupEvent started) {
        stopping = false;
        wake();
    }

    void onStop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    /** Finds rows whose writer died before it woke the relay, or that could not be published then. */
    @Scheduled(every = "${mm.outbox.poll-interval:1s}", identity = "outbox-poll", skipExecutionIf = BeforeStart.class)
    void poll() {
        wake();
    }

    /** Publishes what is committed, soon; never blocks and never fails. */
    public void wake() {
        if (!stopping && pending.getAndIncrement() == 0) {
            run();
        }
    }

    private void run() {
        int seen = pending.get();
        pass().ifNoItem()
                .after(PASS_TIMEOUT)
                .fail()
                .subscribe()
                .with(published -> passed(seen, published), this::failed);
    }

    private void passed(int seen, int published) {
        if (stopping) {
            pending.set(0);
        } else if (published == BATCH || pending.addAndGet(-seen) > 0) {
            // More rows than fit, or somebody committed while the pass ran and it may have missed them.
            run();
        }
    }

    private void failed(Throwable failure) {
        // The pool closes under a pass that runs when the service ends, which is no news.
        if (!stopping) {
            LOG.warnf("An outbox pass failed, its rows stay and are tried again: %s", failure);
        }
        pending.set(0);
    }

    private Uni<Integer> pass() {
        return pool.withTransaction(connection -> connection
                .preparedQuery(LOCK)
                .execute()
                .chain(() -> connection.preparedQuery(TAKE).execute(Tuple.of(BATCH)))
                .chain(rows -> {
                    List<Row> taken = new ArrayList<>();
                    rows.forEach(taken::add);
                    return taken.isEmpty() ? Uni.createFrom().item(0) : publish(connection, taken);
                }));
    }

    private Uni<Integer> publish(SqlConnection connection, List<Row> rows) {
        // The producer keeps the order of calls within a partition, so the sends may overlap.
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUni(this::send)
                .merge(BATCH)
                .collect()
                .last()
                .ifNoItem()
                .after(PUBLISH_TIMEOUT)
                .fail()
                .chain(() -> connection
                        .preparedQuery(DELETE)
                        .execute(Tuple.of(
                                rows.stream().map(row -> row.getLong("id")).toArray(Long[]::new))))
                .replaceWith(rows.size());
    }

    private Uni<Void> send(Row row) {
        String correlation = row.getString("correlation");
        var attributes = codec.attributes(
                row.getString("event_id"),
                row.getString("wire_type"),
                row.getString("subject"),
                correlation == null ? null : read(correlation),
                row.getString("node"),
                row.getOffsetDateTime("created_at")
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toInstant());
        return producer.send(
                row.getString("topic"),
                row.getString("message_key"),
                attributes,
                row.getString("traceparent"),
                row.getString("data"));
    }

    private Correlation read(String correlation) {
        try {
            return json.readValue(correlation, Correlation.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outbox row holds a malformed correlation", e);
        }
    }
}
