package io.memorymachine.local.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.client.ProblemException;
import io.memorymachine.local.system.Ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ServicesTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private HttpServer server;
    private Services services;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.start();
        int port = server.getAddress().getPort();
        services = new Services(
                new Ports(port, port, port, port, port, port),
                Files.writeString(directory.resolve("token"), "the-token\n"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aStreamThatBreaksIsOpenedAgainAndEachEventHandedOnOnce() {
        AtomicInteger streams = new AtomicInteger();
        server.createContext("/api/v1/snapshots/s/events", exchange -> {
            boolean first = streams.getAndIncrement() == 0;
            String text = progress(1) + progress(2) + (first ? "" : progress(3) + "event:end\ndata:{}\n\n");
            answer(exchange, 200, "text/event-stream", text);
        });
        List<Integer> seen = new ArrayList<>();

        services.followSnapshot("s", BOUND, progress -> seen.add(progress.sequence()));

        assertThat(seen).containsExactly(1, 2, 3);
        assertThat(streams).hasValue(2);
    }

    @Test
    void aSagaThatDoesNotEndIsGivenUp() {
        server.createContext("/", exchange -> answer(exchange, 200, "text/event-stream", progress(1)));

        assertThatThrownBy(() -> services.followRestore("r", Duration.ofMillis(300), progress -> {}))
                .hasMessageContaining("not over");
    }

    @Test
    void theTokenOfTheFileIsSent() {
        List<String> sent = new ArrayList<>();
        server.createContext("/", exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization"));
            boolean stream = exchange.getRequestURI().getPath().endsWith("/events");
            answer(exchange, 200, "text/event-stream", stream ? "event:end\ndata:{}\n\n" : "{}");
        });

        services.snapshot("s");
        services.requestRestore("s");
        services.followRestore("r", BOUND, progress -> {});

        assertThat(sent).containsExactly("Bearer the-token", "Bearer the-token", "Bearer the-token");
    }

    @Test
    void aProblemDocumentBecomesAnExceptionWithItsReason() {
        server.createContext(
                "/",
                exchange -> answer(
                        exchange,
                        409,
                        "application/problem+json",
                        "{\"title\":\"busy\",\"detail\":\"demo/hz is busy\",\"reason\":\"WORKLOAD_BUSY\"}"));

        assertThatThrownBy(() -> services.requestRestore("s"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(409);
                    assertThat(problem.reason()).isEqualTo("WORKLOAD_BUSY");
                    assertThat(problem).hasMessage("demo/hz is busy");
                });
    }

    private static String progress(int sequence) {
        return "event:progress\ndata:{\"sequence\":" + sequence + ",\"step\":\"capture\",\"status\":\"finished\","
                + "\"at\":\"2026-01-01T00:00:00Z\",\"micros\":5,\"sagaId\":\"x\"}\n\n";
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
