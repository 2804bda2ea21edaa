package io.memorymachine.failure;

import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OutagesTest {
    static Stream<Throwable> outages() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new CompletionException(new IllegalStateException("wrapped", new ConnectException("twice"))),
                ClosedConnectionException.INSTANCE,
                new java.util.concurrent.TimeoutException(),
                new io.smallrye.mutiny.TimeoutException());
    }

    static Stream<Throwable> others() {
        return Stream.of(
                new IllegalStateException("a defect"),
                new NullPointerException(),
                new OperationFailedException(FailureReason.MEMBER_DOWN, "refused"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void whatDoesNotAnswerIsAway(Throwable failure) {
        assertThat(Outages.isOutage(failure)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "57P01", "57P03", "58030"})
    void aDatabaseThatEndsStartsOrIsExhaustedIsAway(String sqlState) {
        assertThat(Outages.isOutage(new PgException("no", "FATAL", sqlState, null)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "42P01", "57014"})
    void aDatabaseThatRefusesIsThere(String sqlState) {
        assertThat(Outages.isOutage(new PgException("no", "ERROR", sqlState, null)))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("others")
    void everythingElseIsNoOutage(Throwable failure) {
        assertThat(Outages.isOutage(failure)).isFalse();
    }
}
