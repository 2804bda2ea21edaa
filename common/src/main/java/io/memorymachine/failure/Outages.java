package io.memorymachine.failure;

import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;

/**
 * Tells failures of a backing service that is away from all others: whoever waits and tries again may succeed, and nobody
 * has done anything wrong.
 */
public final class Outages {
    /**
     * The first characters of the SQLSTATEs of a PostgreSQL that ends, starts or has run out of something
     * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
     */
    private static final List<String> AWAY = List.of("08", "53", "57P", "58");

    private Outages() {}

    /** Whether a backing service that does not answer is behind the failure. */
    public static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException
                    || cause instanceof ClosedChannelException
                    || cause instanceof ClosedConnectionException
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException
                    || cause instanceof PgException refused && isAway(refused.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAway(String sqlState) {
        return sqlState != null && AWAY.stream().anyMatch(sqlState::startsWith);
    }
}
