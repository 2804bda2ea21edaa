package io.memorymachine.runtime;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.sqlclient.DatabaseException;
import org.apache.kafka.common.errors.RetriableException;

import io.memorymachine.failure.OperationFailedException;

/**
 * Tells a backing service that is away (PostgreSQL, Kafka, a peer over HTTP) from a defect: the same work succeeds once the
 * service is back, and whether it was done is not known.
 */
public final class Outages {
    /**
     * What PostgreSQL says of itself, by the beginning of its SQLSTATE: connection failed (08), resources exhausted (53),
     * shut down or starting (57P), files failed (58).
     */
    private static final List<String> SQL_STATES = List.of("08", "53", "57P", "58");

    /** What the SQL client says with no class of its own: the pool's time is up, or the connection just went. */
    private static final List<String> SQL_CLIENT_MESSAGES =
            List.of("Timeout", "Connection is not active now", "Pending requests failed to be sent due to connection");

    private Outages() {}

    /**
     * Whether a failure, or what caused it, is an outage. A refusal that the product foresees is none, whatever caused it:
     * it has a reason of its own.
     *
     * @param failure may be null, which is none
     */
    public static boolean isOutage(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            if (cause instanceof OperationFailedException) {
                return false;
            }
            if (ofNetwork(cause) || ofDatabase(cause) || ofVertx(cause) || cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }

    private static boolean ofNetwork(Throwable cause) {
        return cause instanceof SocketException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof ClosedChannelException
                || cause instanceof EOFException
                || cause instanceof TimeoutException;
    }

    private static boolean ofDatabase(Throwable cause) {
        String state = cause instanceof DatabaseException answered
                ? answered.getSqlState()
                : cause instanceof SQLException answered ? answered.getSQLState() : null;
        return state != null && SQL_STATES.stream().anyMatch(state::startsWith);
    }

    private static boolean ofVertx(Throwable cause) {
        if (cause instanceof NoStackTraceThrowable) {
            String message = String.valueOf(cause.getMessage());
            return SQL_CLIENT_MESSAGES.stream().anyMatch(message::startsWith);
        }
        // Closed connections and full pools; what the database itself answers has its SQLSTATE.
        return cause instanceof VertxException && !(cause instanceof DatabaseException);
    }
}
