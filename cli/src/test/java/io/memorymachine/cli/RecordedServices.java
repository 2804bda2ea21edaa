package io.memorymachine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.memorymachine.client.Json;

/**
 * The four services, with answers that the real ones have given. They have state: what is taken is listed, what is deleted is
 * gone. They can refuse, fall silent and break streams off.
 */
final class RecordedServices implements AutoCloseable {
    static final String TOKEN = "a-token-of-these-services";

    private static final String SNAPSHOTS = "/api/v1/snapshots";
    private static final String RESTORES = "/api/v1/restores";

    private final HttpServer server;
    private final Path directory;
    private final Map<String, JsonNode> snapshots = new TreeMap<>();
    private final Map<String, JsonNode> restores = new TreeMap<>();
    private final Map<String, String> streams = new ConcurrentHashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private boolean closed;
    private volatile int breakOffAfter = -1;
    private volatile ObjectNode extra = Json.object();

    private final List<Body> bodies = new CopyOnWriteArrayList<>();

    private record Refusal(int status, String body) {}

    /** An object that was sent with a request. */
    record Body(String request, JsonNode json) {}

    RecordedServices(Path directory) {
        this.directory = directory;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "recorded-services");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", this::serve);
            server.start();
            int port = server.getAddress().getPort();
            Files.writeString(
                    directory.resolve("system.json"),
                    "{\"ports\": {\"license\": %1$d, \"pmem\": %1$d, \"snapshot\": %1$d, \"restore\": %1$d}}"
                            .formatted(port));
            Files.writeString(directory.resolve("token"), TOKEN + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        streams.put(SNAPSHOTS + "/failing", "snapshot-failed-events.txt");
        streams.put(RESTORES + "/failing", "restore-failed-events.txt");
    }

    /** The run directory by which the services are found. */
    Path directory() {
        return directory;
    }

    /** There are the snapshots and restores that the recorded lists hold. */
    RecordedServices filled() {
        snapshots.put("hz-snap-test", recorded("snapshot-sealed.json"));
        snapshots.put("paused", recorded("snapshot-paused.json"));
        snapshots.put("hasty", recorded("snapshot-failed.json"));
        restores.put("hz-snap-test-back", recorded("restore-completed.json"));
        restores.put("damaged", recorded("restore-failed.json"));
        return this;
    }

    /** Requests for this path, as {@code POST /api/v1/snapshots}, are answered with a status and a recorded problem. */
    void refuse(String request, int status, String problem) {
        refusals.put(request, new Refusal(status, problem.isEmpty() ? "no JSON" : text(problem)));
    }

    /** Each stream breaks off after one more event than the one before. */
    void breakStreamsOff() {
        breakOffAfter = 1;
    }

    /** A later version's services: every answer has fields that nobody knows yet. */
    void answerAsALaterVersion() {
        extra.put("fieldOfALaterVersion", "x")
                .putObject("objectOfALaterVersion")
                .put("a", 1);
    }

    /** What was asked, as {@code GET /api/v1/usage}, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** The objects that were sent. */
    List<Body> bodies() {
        return List.copyOf(bodies);
    }

    boolean has(String snapshot) {
        return snapshots.containsKey(snapshot);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            server.stop(0);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String request = exchange.getRequestMethod() + " " + path;
            String query = exchange.getRequestURI().getRawQuery();
            asked.add(request + (query == null ? "" : "?" + query));
            Refusal refusal = refusals.get(request);
            if (refusal != null) {
                answer(exchange, refusal.status, "application/problem+json", refusal.body);
            } else if (!path.startsWith("/q/")
                    && !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                problem(exchange, 401, "problem-unauthenticated.json");
            } else if (path.endsWith("/events")) {
                stream(exchange, path.substring(0, path.length() - "/events".length()));
            } else {
                route(exchange, request, query == null ? "" : query, body);
            }
        }
    }

    private void route(HttpExchange exchange, String request, String query, byte[] body) throws IOException {
        String path = request.substring(request.indexOf(' ') + 1);
        switch (request) {
            case "GET /api/v1/usage" -> ok(exchange, recorded("usage.json"));
            case "GET /api/v1/members" -> ok(exchange, recorded("members.json"));
            case "GET /api/v1/license", "PUT /api/v1/license" -> ok(exchange, recorded("license.json"));
            case "POST /api/v1/license/verify" ->
                ok(
                        exchange,
                        recorded(
                                new String(body, StandardCharsets.UTF_8).contains("license")
                                        ? "license-verified.json"
                                        : "license-verified-malformed.json"));
            case "GET /api/v1/version" -> ok(exchange, recorded("version.json"));
            case "GET /q/openapi" -> ok(exchange, recorded("openapi-snapshot.json"));
            case "GET /q/health/ready" ->
                ok(exchange, Json.object().put("status", "UP").set("checks", Json.of(List.of())));
            case "GET " + SNAPSHOTS -> page(exchange, snapshots, query);
            case "GET " + RESTORES -> page(exchange, restores, query);
            case "POST " + SNAPSHOTS -> begin(exchange, snapshots, SNAPSHOTS, "snapshot", body);
            case "POST " + RESTORES -> begin(exchange, restores, RESTORES, "restore", body);
            default -> {
                if (path.startsWith(SNAPSHOTS + "/")) {
                    one(exchange, request, snapshots, path.substring(SNAPSHOTS.length() + 1), "snapshot");
                } else if (path.startsWith(RESTORES + "/")) {
                    one(exchange, request, restores, path.substring(RESTORES.length() + 1), "restore");
                } else {
                    problem(exchange, 404, "problem-snapshot-not-found.json");
                }
            }
        }
    }

    /** What is begun has ended when its events are asked for: the recorded end, under the name that was asked for. */
    private void begin(HttpExchange exchange, Map<String, JsonNode> all, String path, String kind, byte[] body)
            throws IOException {
        JsonNode wanted = Json.tree(new String(body, StandardCharsets.UTF_8));
        bodies.add(new Body("POST " + path, wanted));
        String name = wanted.path("name").asText(wanted.path("snapshot").asText() + "-abcde");
        if (exchange.getRequestURI().getQuery() != null) {
            ok(exchange, recorded(name.equals("failing") ? kind + "-plan-refused.json" : kind + "-plan.json"));
            return;
        }
        if (all.containsKey(name)) {
            problem(exchange, 409, "problem-name-in-use.json");
            return;
        }
        boolean fails = name.equals("failing");
        String end = kind.equals("snapshot")
                ? fails ? "snapshot-failed.json" : "snapshot-sealed.json"
                : fails ? "restore-failed.json" : "restore-completed.json";
        all.put(name, ((ObjectNode) recorded(end)).put("name", name));
        exchange.getResponseHeaders().add("Location", path + "/" + name);
        ObjectNode accepted = (ObjectNode) recorded(kind + "-accepted.json");
        answer(exchange, 202, "application/json", Json.text(accepted.put("name", name)));
    }

    private void one(HttpExchange exchange, String request, Map<String, JsonNode> all, String rest, String kind)
            throws IOException {
        String name = rest.replaceFirst("/.*", "");
        if (!all.containsKey(name)) {
            problem(exchange, 404, "problem-snapshot-not-found.json");
        } else if (rest.endsWith("/cancel")) {
            problem(exchange, 409, "problem-not-cancellable.json");
        } else if (rest.endsWith("/verify")) {
            ok(exchange, recorded(kind + "-verified.json"));
        } else if (request.startsWith("DELETE")) {
            all.remove(name);
            answer(exchange, 202, "application/json", text("delete-accepted.json"));
        } else {
            ok(exchange, all.get(name));
        }
    }

    private void page(HttpExchange exchange, Map<String, JsonNode> all, String query) throws IOException {
        // Small pages, so that whoever lists has to follow them.
        String after = query.contains("continue=") ? query.replaceFirst(".*continue=([^&]*).*", "$1") : "";
        List<JsonNode> items = new ArrayList<>();
        String next = null;
        for (Map.Entry<String, JsonNode> entry : all.entrySet()) {
            if (entry.getKey().compareTo(after) > 0) {
                if (items.size() == 2) {
                    next = items.get(1).path("name").asText();
                    break;
                }
                items.add(entry.getValue());
            }
        }
        ObjectNode page = Json.object();
        page.putArray("items").addAll(items);
        if (next != null) {
            page.put("next", next);
        }
        ok(exchange, page);
    }

    private void stream(HttpExchange exchange, String operation) throws IOException {
        boolean snapshot = operation.startsWith(SNAPSHOTS);
        String name = operation.substring(operation.lastIndexOf('/') + 1);
        Map<String, JsonNode> all = snapshot ? snapshots : restores;
        if (!all.containsKey(name)) {
            problem(exchange, 404, "problem-snapshot-not-found.json");
            return;
        }
        String events = text(streams.getOrDefault(operation, snapshot ? "snapshot-events.txt" : "restore-events.txt"));
        // Whatever name it was recorded under.
        events = events.replaceAll(
                "\"name\":\"(hz-snap-test|hz-snap-test-back|hasty|damaged)\"", "\"name\":\"" + name + '"');
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            String[] each = events.split("\n\n");
            int until = breakOffAfter < 0 ? each.length : Math.min(each.length, breakOffAfter++);
            for (int i = 0; i < until; i++) {
                out.write((each[i] + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    private void ok(HttpExchange exchange, JsonNode body) throws IOException {
        JsonNode answer = body.deepCopy();
        ((ObjectNode) answer).setAll(extra);
        answer.path("items").forEach(item -> ((ObjectNode) item).setAll(extra));
        answer(exchange, 200, "application/json", Json.text(answer));
    }

    private static void problem(HttpExchange exchange, int status, String recorded) throws IOException {
        answer(exchange, status, "application/problem+json", text(recorded));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static JsonNode recorded(String name) {
        try {
            return Json.tree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        try (InputStream recorded = RecordedServices.class.getResourceAsStream("/recorded/" + name)) {
            return new String(recorded.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
