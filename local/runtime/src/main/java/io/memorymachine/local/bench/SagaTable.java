package io.memorymachine.local.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

import io.memorymachine.backing.PostgresServer;

/** How snapshot sagas stand, read from snapshot-service's database: whoever asked the service would keep it from its work. */
final class SagaTable implements AutoCloseable {
    private static final String ENDED = """
            select count(*) from snapshot.saga
            where name like ? and phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK')""";
    private static final String TIMES = """
            select extract(epoch from r.requested_at) * 1000, extract(epoch from s.updated_at) * 1000,
                   s.phase = 'COMPLETED'
            from snapshot.saga s join snapshot.snapshot r using (id) where s.name like ?""";
    private static final String UNSENT = "select count(*) from snapshot.outbox";

    private static final int POLLS_PER_SAGA = 10;
    private static final int SHORTEST_POLL = 5;
    private static final int LONGEST_POLL = 200;

    private final Connection database;

    private SagaTable(Connection database) {
        this.database = database;
    }

    /**
     * One saga, in milliseconds since 1970.
     *
     * @param ended when the transition to its end was made
     * @param completed whether it was successful; where more is asked for than can be done in time, some are not
     */
    record Times(double requested, double ended, boolean completed) {
        double millis() {
            return ended - requested;
        }
    }

    static SagaTable open(PostgresServer postgres) {
        Properties superuser = new Properties();
        superuser.setProperty("user", "postgres");
        superuser.setProperty("password", postgres.password("postgres"));
        try {
            return new SagaTable(DriverManager.getConnection(postgres.jdbcUrl("public"), superuser));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Waits until all sagas whose names begin so have ended and everything that they have to say is sent.
     *
     * @param meanwhile called again and again; throws where there is no use in waiting
     * @return the sagas in the order of their ends
     * @throws BenchFailedException if one does not end in time
     */
    List<Times> awaitEnded(String prefix, int count, Duration within, Runnable meanwhile) {
        Instant deadline = Instant.now().plus(within);
        long poll = Math.max(SHORTEST_POLL, Math.min(LONGEST_POLL, count / POLLS_PER_SAGA));
        while (ended(prefix) < count || unsent() > 0) {
            meanwhile.run();
            if (Instant.now().isAfter(deadline)) {
                throw new BenchFailedException(
                        ended(prefix) + " of " + count + " sagas have ended after " + within.toSeconds() + " s");
            }
            pause(poll);
        }
        return times(prefix);
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private long ended(String prefix) {
        try (PreparedStatement query = query(ENDED, prefix);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private List<Times> times(String prefix) {
        try (PreparedStatement query = query(TIMES, prefix);
                ResultSet rows = query.executeQuery()) {
            List<Times> times = new ArrayList<>();
            while (rows.next()) {
                times.add(new Times(rows.getDouble(1), rows.getDouble(2), rows.getBoolean(3)));
            }
            times.sort(Comparator.comparingDouble(Times::ended));
            return times;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private long unsent() {
        try (PreparedStatement query = database.prepareStatement(UNSENT);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private PreparedStatement query(String sql, String prefix) throws SQLException {
        PreparedStatement query = database.prepareStatement(sql);
        query.setString(1, prefix + "%");
        return query;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailedException("interrupted");
        }
    }

    private static BenchFailedException failed(SQLException e) {
        return new BenchFailedException("snapshot-service's database cannot be asked: " + e.getMessage());
    }
}
