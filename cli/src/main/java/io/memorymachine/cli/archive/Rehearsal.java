package io.memorymachine.cli.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.memorymachine.cli.Environment;
import io.memorymachine.cli.Mvmcli;

/**
 * Runs the usual commands once against a server of its own. The build lets a JVM do that which writes down at its end which
 * classes it has loaded ({@code -XX:ArchiveClassesAtExit}); the launcher starts from that.
 */
public final class Rehearsal {
    private static final String SNAPSHOT = """
            {"name": "s", "namespace": "n", "statefulset": "w", "phase": "sealed", "members": [{"pod": "w-0"}],
             "steps": [{"name": "seal", "status": "finished", "startedAt": "2026-01-01T00:00:00Z", "micros": 1}],
             "requestedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}""";
    private static final String EVENTS = """
            event:advance
            data:{"step": "seal", "node": "n", "done": 1, "total": 2}

            event:progress
            data:{"sequence": 1, "step": "seal", "status": "finished", "at": "2026-01-01T00:00:00Z", "micros": 1}

            event:end
            data:%s

            """.formatted(SNAPSHOT.replace("\n", " "));
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/v1/usage",
            "{\"node\": \"n\", \"capacity\": 2, \"free\": 1}",
            "/api/v1/members",
            "{\"items\": [{\"namespace\": \"n\", \"pod\": \"w-0\"}]}",
            "/api/v1/license",
            "{\"status\": \"valid\", \"license\": {\"expires\": \"2026-01-01T00:00:00Z\"}}",
            "/api/v1/snapshots",
            "{\"name\": \"s\", \"items\": [" + SNAPSHOT + "]}",
            "/api/v1/snapshots/s",
            SNAPSHOT,
            "/api/v1/snapshots/s/events",
            EVENTS,
            "/api/v1/restores",
            "{\"name\": \"s\"}",
            "/api/v1/restores/s/events",
            EVENTS.replace("sealed", "completed"));

    private static final List<List<String>> COMMANDS = List.of(
            List.of("usage"),
            List.of("list"),
            List.of("clustersnap", "create", "s", "-n", "n", "--statefulset", "w", "--profile-options", "--nopause"),
            List.of("clustersnap", "list", "-o", "wide"),
            List.of("clustersnap", "list", "-o", "json"),
            List.of("clustersnap", "describe", "s"),
            List.of("clustersnap", "restore", "s"),
            List.of("license", "show"),
            List.of("--help"));

    private Rehearsal() {}

    /** Runs the commands; what they print goes nowhere. */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("mvmcli-rehearsal");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", Rehearsal::answer);
        server.start();
        Path settings = directory.resolve("system.json");
        Path token = directory.resolve("token");
        try {
            int port = server.getAddress().getPort();
            Files.writeString(
                    settings,
                    "{\"ports\": {\"license\": %1$d, \"pmem\": %1$d, \"snapshot\": %1$d, \"restore\": %1$d}}"
                            .formatted(port));
            Files.writeString(token, "rehearsal");
            for (List<String> command : COMMANDS) {
                run(directory, command);
            }
        } finally {
            server.stop(0);
            Files.deleteIfExists(settings);
            Files.deleteIfExists(token);
            Files.delete(directory);
        }
    }

    private static void run(Path directory, List<String> command) {
        PrintWriter out = new PrintWriter(new StringWriter());
        StringWriter err = new StringWriter();
        Environment environment = new Environment(
                out,
                new PrintWriter(err),
                new BufferedReader(Reader.nullReader()),
                false,
                Map.of("MM_DIR", directory.toString()),
                Optional.empty(),
                Clock.systemUTC());
        int status = Mvmcli.run(environment, command.toArray(String[]::new));
        // One that fails loads other classes than those that are wanted.
        if (status != 0) {
            throw new IllegalStateException(command + " ended with " + status + ": " + err);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String answer = ANSWERS.get(exchange.getRequestURI().getPath());
            byte[] body =
                    (answer == null ? "{\"reason\": \"SNAPSHOT_NOT_FOUND\"}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
