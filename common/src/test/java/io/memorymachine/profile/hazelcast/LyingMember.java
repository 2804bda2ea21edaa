package io.memorymachine.profile.hazelcast;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Stands before a real member and passes requests on to it, with the answers changed, or not at all. */
final class LyingMember implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final int port;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    volatile UnaryOperator<String> health = UnaryOperator.identity();
    volatile boolean changesState = true;
    volatile boolean hangs;

    LyingMember(int port) throws IOException {
        this.port = port;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The states it was asked for. */
    Queue<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean change = exchange.getRequestMethod().equals("POST");
            if (change) {
                asked.add(body.substring(body.lastIndexOf('&') + 1));
                if (hangs) {
                    closed.await();
                    return;
                }
                if (!changesState) {
                    send(exchange, 500, "");
                    return;
                }
            }
            URI target = URI.create("http://127.0.0.1:" + port + exchange.getRequestURI());
            HttpRequest.Builder request = HttpRequest.newBuilder(target);
            HttpResponse<String> response = client.send(
                    change
                            ? request.POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build()
                            : request.build(),
                    HttpResponse.BodyHandlers.ofString());
            send(exchange, response.statusCode(), change ? response.body() : health.apply(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        workers.shutdown();
    }
}
