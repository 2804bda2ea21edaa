package io.memorymachine.local.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Supplier;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.local.system.ServiceProcess;

/**
 * Holds a step of a saga open at its worst moment: its effect is done, and its reply is not committed.
 *
 * <p>A participant writes the command's row in its inbox in the transaction that commits the reply. A trigger there waits
 * for an advisory lock, which the harness holds, when the row is of the step that is armed. The service knows nothing of
 * it: to it the database is slow. The lock ends with the harness' connection, so nothing stays held if the harness or the
 * database dies.
 */
final class StepHold implements AutoCloseable {
    private static final int LOCK_CLASS = 0x6d6d;
    private static final int CONNECTION_TEST_SECONDS = 2;
    private static final Duration POLL = Duration.ofMillis(10);

    private static final String[] INSTALL = {
        "create schema if not exists chaos",
        "create table if not exists chaos.armed (participant text primary key, step text not null)",
        """
        create or replace function chaos.hold() returns trigger language plpgsql security definer as $$
        begin
            if exists (select from chaos.armed
                       where participant = tg_table_schema and step = split_part(new.command_key, '/', 2)) then
                perform pg_advisory_xact_lock_shared(%d, 0);
            end if;
            return new;
        end $$""".formatted(LOCK_CLASS)
    };

    private static final String RUNNING = """
            select (select count(*) from snapshot.workload_lock)
                + (select count(*) from snapshot.saga where phase in ('RUNNING', 'COMPENSATING'))
                + (select count(*) from restore.saga where phase in ('RUNNING', 'COMPENSATING'))""";

    private final Supplier<PostgresServer> server;
    private Connection connection;

    /**
     * Holds steps in a database.
     *
     * @param server asked at each new connection: a system that was started over has another one
     */
    StepHold(Supplier<PostgresServer> server) {
        this.server = server;
    }

    /** Installs the triggers; repeatable. The schemas must have been migrated. */
    void install() throws SQLException {
        try (Statement statement = connection().createStatement()) {
            for (String sql : INSTALL) {
                statement.execute(sql);
            }
            for (ServiceProcess service : ServiceProcess.values()) {
                statement.execute("create or replace trigger chaos_hold before insert on " + service.schema()
                        + ".inbox for each row execute function chaos.hold()");
            }
        }
    }

    /** From now on this step is held when it comes to its end. */
    void arm(ServiceProcess participant, String step) throws SQLException {
        try (Statement lock = connection().createStatement();
                PreparedStatement armed = connection().prepareStatement("insert into chaos.armed values (?, ?)")) {
            lock.execute("select pg_advisory_lock(" + LOCK_CLASS + ", 0)");
            armed.setString(1, participant.schema());
            armed.setString(2, step);
            armed.execute();
        }
    }

    /** Waits until the armed step is held; false if it is not within the bound. */
    boolean awaitHeld(Duration bound) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        try (PreparedStatement waiting = connection()
                .prepareStatement(
                        "select count(*) from pg_locks where locktype = 'advisory' and classid = ? and not granted")) {
            waiting.setInt(1, LOCK_CLASS);
            while (System.nanoTime() < deadline) {
                try (ResultSet rows = waiting.executeQuery()) {
                    if (rows.next() && rows.getLong(1) > 0) {
                        return true;
                    }
                }
                Thread.sleep(POLL.toMillis());
            }
            return false;
        }
    }

    /** Lets the step go on, and holds none any more; repeatable, also after the database has died. */
    void release() throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("delete from chaos.armed");
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    /** Whether an operation runs, or holds the workload. */
    boolean operationRuns() throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery(RUNNING)) {
            rows.next();
            return rows.getLong(1) > 0;
        }
    }

    /** Removes the triggers and all that belongs to them. */
    void uninstall() throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("drop schema if exists chaos cascade");
        }
    }

    /** The database as its superuser; a connection that has broken is replaced. */
    Connection connection() throws SQLException {
        if (connection == null || !connection.isValid(CONNECTION_TEST_SECONDS)) {
            PostgresServer running = server.get();
            Properties superuser = new Properties();
            superuser.setProperty("user", "postgres");
            superuser.setProperty("password", running.password("postgres"));
            superuser.setProperty("connectTimeout", "5");
            superuser.setProperty("socketTimeout", "30");
            connection = DriverManager.getConnection(running.jdbcUrl("public"), superuser);
        }
        return connection;
    }

    @Override
    public void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
