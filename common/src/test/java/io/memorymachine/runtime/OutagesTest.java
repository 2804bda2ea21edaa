package io.memorymachine.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.persistence.PersistenceException;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class OutagesTest {
    private static final int ENOUGH_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeClients() throws Exception {
        await(vertx.close());
    }

    @Test
    void aDatabaseIsAwayWhenItRefusesShutsDownOrHasNoConnectionLeft(@TempDir Path directory) throws Exception {
        PostgresServer server = PostgresServer.start(PostgresServer.Options.forTests(directory));
        Pool pool = pool(server);
        SqlConnection only = await(pool.getConnection());

        assertOutage(catchThrowable(() -> await(pool.getConnection())));

        Future<?> interrupted = only.query("select pg_sleep(60)").execute();
        server.close();
        assertOutage(catchThrowable(() -> await(interrupted)));
        assertOutage(catchThrowable(() -> await(only.query("select 1").execute())));
        assertOutage(catchThrowable(() -> await(pool(server).getConnection())));
    }

    @Test
    void aBrokerIsAwayWhenNobodyAnswersAtItsAddress() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", "127.0.0.1:" + port, "default.api.timeout.ms", 500, "request.timeout.ms", 400))) {
            assertOutage(catchThrowable(() -> admin.listTopics().names().get()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "08P01", "53100", "53300", "57P01", "57P02", "57P03", "58030"})
    void whatTheDatabaseSaysOfItselfIsAnOutage(String state) {
        assertOutage(new PgException("gone", "FATAL", state, "gone"));
        assertOutage(new SQLException("gone", state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "42P01", "57014", "5", ""})
    void whatTheDatabaseSaysOfTheStatementIsNone(String state) {
        assertThat(Outages.isOutage(new PersistenceException(new PgException("no", "ERROR", state, "no"))))
                .isFalse();
        assertThat(Outages.isOutage(new SQLException("no", state))).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("defects")
    void aDefectAndARefusalAreNone(Throwable failure) {
        assertThat(Outages.isOutage(failure)).isFalse();
    }

    static Stream<Throwable> defects() {
        return Stream.of(
                new IllegalStateException("a broken contract"),
                new NoSuchFileException("/somewhere"),
                new InvalidTopicException("a b"),
                new SQLException("no state", (String) null),
                new OperationFailedException(FailureReason.QUIESCE_FAILED, "no", new ConnectException("refused")),
                new CompletionException(OperationFailedException.transientFailure(
                        FailureReason.UNAVAILABLE, "no", new ConnectException("refused"))));
    }

    @Test
    void causesThatGoInCirclesEnd() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(Outages.isOutage(first)).isFalse();
    }

    @Test
    void aClosedConnectionIsOneHoweverDeep() {
        assertOutage(new IllegalStateException(new CompletionException(ClosedConnectionException.INSTANCE)));
    }

    private Pool pool(PostgresServer server) {
        PgConnectOptions options = PgConnectOptions.fromUri(server.reactiveUrl("pmem"))
                .setUser("pmem")
                .setPassword(server.password("pmem"));
        PoolOptions one =
                new PoolOptions().setMaxSize(1).setConnectionTimeout(2).setConnectionTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool().with(one).connectingTo(options).using(vertx).build();
    }

    private static void assertOutage(Throwable failure) {
        assertThat(failure).isNotNull();
        assertThat(Outages.isOutage(failure)).as("%s", failure).isTrue();
        assertThat(Outages.isOutage(new CompletionException(new PersistenceException(failure))))
                .isTrue();
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(ENOUGH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
