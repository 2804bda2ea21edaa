package io.memorymachine.backing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PostgresServerTest {
    @TempDir
    Path directory;

    @Test
    void rowsOutliveARestart() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            update(server, "license", "CREATE TABLE t AS SELECT 42 AS n");
        }

        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            assertThat(query(server, "license", "SELECT n FROM license.t")).isEqualTo("42");
        }
    }

    @Test
    void aServiceSeesItsOwnSchemaOnly() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            update(server, "license", "CREATE TABLE t AS SELECT 42 AS n");

            assertThatThrownBy(() -> query(server, "pmem", "SELECT n FROM license.t"))
                    .hasMessageContaining("permission denied for schema license");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("license"), "license", "wrong"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aSecondServerInTheSameDirectoryIsRefused() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            assertThatThrownBy(() -> PostgresServer.start(PostgresServer.Options.forTests(directory)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("pid " + server.pid());
        }
    }

    @Test
    void aDetachedServerIsStoppedByWhoKnowsItsDirectoryOnly() throws Exception {
        PostgresServer server = PostgresServer.start(
                new PostgresServer.Options(directory, 0, false, true, PostgresServer.Options.defaultCache()));

        assertThat(PostgresServer.stop(directory)).isTrue();

        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        assertThat(PostgresServer.stop(directory)).isFalse();
        assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aDirectoryLeftHalfMadeIsMadeAnew() throws Exception {
        Files.createDirectories(directory.resolve("data.new/base"));
        Files.writeString(directory.resolve("credentials.properties"), "license=stale");

        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            assertThat(query(server, "license", "SELECT current_schema()")).isEqualTo("license");
        }
    }

    @Test
    void theServerEndsWhenItsProcessIsKilled() throws Exception {
        Process process = ChildJvm.start(PostgresServer.class, directory.toString(), "0");
        try {
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("READY 127.0.0.1:");
            long pid = Long.parseLong(
                    Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0));
            var serverEnd = ProcessHandle.of(pid).orElseThrow().onExit();

            process.destroyForcibly();

            serverEnd.get(20, TimeUnit.SECONDS);
            assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aServerThatIsKilledRemembersWhatItHasConfirmed() throws Exception {
        PostgresServer first = PostgresServer.start(PostgresServer.Options.forTests(directory));
        ProcessHandle killed = ProcessHandle.of(first.pid()).orElseThrow();
        update(first, "license", "create table kept (number int)");
        for (int number = 0; number < 50; number++) {
            update(first, "license", "insert into kept values (" + number + ")");
        }

        killed.destroyForcibly();

        killed.onExit().get(20, TimeUnit.SECONDS);
        try (PostgresServer second = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            assertThat(query(second, "license", "select count(*) from kept")).isEqualTo("50");
        }
    }

    @Test
    void aServerThatIsKilledUnderManyClientsIsStartedAgainAtOnce() throws Exception {
        PostgresServer first = PostgresServer.start(PostgresServer.Options.forTests(directory));
        ProcessHandle killed = ProcessHandle.of(first.pid()).orElseThrow();
        List<Connection> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(DriverManager.getConnection(first.jdbcUrl("license"), "license", first.password("license")));
        }

        killed.destroyForcibly();
        killed.onExit().get(20, TimeUnit.SECONDS);

        try (PostgresServer second = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            assertThat(query(second, "license", "select current_schema()")).isEqualTo("license");
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void theReactiveClientTakesTheSchemaFromTheUrl() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory))) {
            PgConnectOptions options = PgConnectOptions.fromUri(server.reactiveUrl("pmem"))
                    .setUser("postgres")
                    .setPassword(server.password("postgres"));
            Vertx vertx = Vertx.vertx();
            try {
                String schema = PgConnection.connect(vertx, options)
                        .compose(connection ->
                                connection.query("SELECT current_schema()").execute())
                        .map(rows -> rows.iterator().next().getString(0))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);

                assertThat(schema).isEqualTo("pmem");
            } finally {
                vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void update(PostgresServer server, String role, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(role), role, server.password(role));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String role, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(role), role, server.password(role));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
