package io.memorymachine.local.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

import io.memorymachine.client.ProblemException;
import io.memorymachine.contract.pmem.PmemFact.UsageReported;
import io.memorymachine.local.Json;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.ServiceProcess;

/** The services over HTTP. Every method blocks until the service has answered. */
public final class Services {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration PROBE_WITHIN = Duration.ofSeconds(2);
    private static final Duration BETWEEN_STREAMS = Duration.ofMillis(200);

    private final Ports ports;
    private final Path token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE_WITHIN)
            .build();

    /**
     * The services that listen on these ports.
     *
     * @param token the file with the token that they ask for; read for each request, so that it may be made later
     */
    public Services(Ports ports, Path token) {
        this.ports = ports;
        this.token = token;
    }

    /** Whether a service says that it is ready; false also where nobody answers. */
    public boolean ready(ServiceProcess service) {
        HttpRequest request = HttpRequest.newBuilder(uri(service, "/q/health/ready"))
                .timeout(PROBE_WITHIN)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // Not listening yet, or not any more.
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Installs a licence file. */
    public void installLicense(byte[] file) {
        send(HttpRequest.newBuilder(uri(ServiceProcess.LICENSE, "/api/v1/license"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(file)));
    }

    /** Asks for a snapshot; it is under way when this returns. */
    public SnapshotView requestSnapshot(String name, String namespace, String workload, String profileOptions) {
        return requestSnapshot(name, namespace, workload, profileOptions, null);
    }

    /**
     * Asks for a snapshot; it is under way when this returns.
     *
     * @param maxPause how long the cluster may be passive at most, or null for the service's default
     */
    public SnapshotView requestSnapshot(
            String name, String namespace, String workload, String profileOptions, Duration maxPause) {
        Map<String, Object> body = snapshotOf(name, namespace, workload, "hazelcast");
        body.put("profileOptions", profileOptions);
        if (maxPause != null) {
            body.put("maxPause", maxPause.toString());
        }
        return Json.parse(post(ServiceProcess.SNAPSHOT, "/api/v1/snapshots", body), SnapshotView.class);
    }

    /** Asks for a snapshot of an application that needs no rest; it is under way when this returns. */
    public SnapshotView requestPlainSnapshot(String name, String namespace, String workload) {
        Map<String, Object> body = snapshotOf(name, namespace, workload, "none");
        return Json.parse(post(ServiceProcess.SNAPSHOT, "/api/v1/snapshots", body), SnapshotView.class);
    }

    private static Map<String, Object> snapshotOf(String name, String namespace, String workload, String profile) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", name);
        body.put("namespace", namespace);
        body.put("statefulset", workload);
        body.put("profile", profile);
        return body;
    }

    /** A snapshot as it is now. */
    public SnapshotView snapshot(String name) {
        return Json.parse(get(ServiceProcess.SNAPSHOT, "/api/v1/snapshots/" + name), SnapshotView.class);
    }

    /** How full the node's volume is now. */
    public UsageReported usage() {
        return Json.parse(get(ServiceProcess.PMEM, "/api/v1/usage"), UsageReported.class);
    }

    /** Asks for a restore with a safety snapshot; it is under way when this returns. */
    public RestoreView requestRestore(String snapshot) {
        return requestRestore(snapshot, true);
    }

    /** Asks for a restore; it is under way when this returns. */
    public RestoreView requestRestore(String snapshot, boolean safetySnapshot) {
        Map<String, Object> body = Map.of("snapshot", snapshot, "safetySnapshot", safetySnapshot);
        return Json.parse(post(ServiceProcess.RESTORE, "/api/v1/restores", body), RestoreView.class);
    }

    /** Begins the deletion of a snapshot; it is gone when {@link #snapshot} is refused. */
    public void deleteSnapshot(String name) {
        send(HttpRequest.newBuilder(uri(ServiceProcess.SNAPSHOT, "/api/v1/snapshots/" + name))
                .DELETE());
    }

    /** Asks for the end of a snapshot that is being taken. */
    public void cancelSnapshot(String name) {
        post(ServiceProcess.SNAPSHOT, "/api/v1/snapshots/" + name + "/cancel", Map.of());
    }

    /** Asks for the end of a restore that runs. */
    public void cancelRestore(String name) {
        post(ServiceProcess.RESTORE, "/api/v1/restores/" + name + "/cancel", Map.of());
    }

    /** A restore as it is now. */
    public RestoreView restore(String name) {
        return Json.parse(get(ServiceProcess.RESTORE, "/api/v1/restores/" + name), RestoreView.class);
    }

    /** Follows a snapshot until it is over; see {@link #follow}. */
    public void followSnapshot(String name, Duration bound, Consumer<Progress> each) {
        follow(uri(ServiceProcess.SNAPSHOT, "/api/v1/snapshots/" + name + "/events"), bound, each);
    }

    /** Follows a restore until it is over; see {@link #follow}. */
    public void followRestore(String name, Duration bound, Consumer<Progress> each) {
        follow(uri(ServiceProcess.RESTORE, "/api/v1/restores/" + name + "/events"), bound, each);
    }

    /**
     * Hands on the progress events of a saga, each once and in order, until the saga is over. A stream that breaks is
     * opened again: it starts with the first event, those that are known are left out.
     *
     * @throws UncheckedIOException if the saga is not over within {@code bound}
     */
    private void follow(URI events, Duration bound, Consumer<Progress> each) {
        long deadline = System.nanoTime() + bound.toNanos();
        ProgressReader reader = new ProgressReader(each);
        while (!reader.over()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new UncheckedIOException(
                        new IOException("not over after " + bound.toSeconds() + " s: " + events));
            }
            HttpRequest request = authenticated(HttpRequest.newBuilder(events))
                    .header("Accept", "text/event-stream")
                    .timeout(ANSWER_WITHIN)
                    .build();
            CompletableFuture<HttpResponse<Void>> stream =
                    http.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(reader.open()));
            try {
                stream.get(left, TimeUnit.NANOSECONDS);
                if (!reader.over()) {
                    Thread.sleep(BETWEEN_STREAMS.toMillis());
                }
            } catch (ExecutionException | TimeoutException e) {
                // The service or the connection went away, which the next stream makes good, or the bound is reached.
                stream.cancel(true);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private String get(ServiceProcess service, String path) {
        return send(HttpRequest.newBuilder(uri(service, path)));
    }

    private String post(ServiceProcess service, String path, Map<String, Object> body) {
        return send(HttpRequest.newBuilder(uri(service, path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.text(body))));
    }

    private String send(HttpRequest.Builder builder) {
        HttpRequest request = authenticated(builder)
                .timeout(ANSWER_WITHIN)
                .header("Accept", "application/json, application/problem+json")
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw problem(response);
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from " + request.uri() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder authenticated(HttpRequest.Builder builder) {
        try {
            return builder.header(
                    "Authorization", "Bearer " + Files.readString(token).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the services' token cannot be read", e);
        }
    }

    private static ProblemException problem(HttpResponse<String> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String where = response.request().method() + " " + response.uri() + " -> " + response.statusCode();
        if (!type.contains("json")) {
            return new ProblemException(response.statusCode(), "", where);
        }
        JsonNode problem = Json.parse(response.body(), JsonNode.class);
        String reason = problem.path("reason").asText("");
        String detail = problem.path("detail").asText(problem.path("title").asText(where));
        return new ProblemException(response.statusCode(), reason, detail);
    }

    private URI uri(ServiceProcess service, String path) {
        return URI.create(ports.url(service) + path);
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for an answer", e);
    }
}
