package io.memorymachine.local.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import io.memorymachine.local.Json;

/**
 * What a member tells of its cluster over Hazelcast's health endpoint.
 *
 * @param clusterState {@code ACTIVE}, {@code PASSIVE} and others
 * @param clusterSafe whether every entry has its backup and nothing moves
 */
public record ClusterHealth(String nodeState, String clusterState, boolean clusterSafe, int clusterSize) {
    /** What is known of a member that does not answer. */
    public static final ClusterHealth UNKNOWN = new ClusterHealth("unknown", "unknown", false, 0);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_WITHIN)
            .build();

    /** Asks the member at an address; {@link #UNKNOWN} where it does not answer. */
    public static ClusterHealth of(String address, int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/hazelcast/health"))
                .timeout(ANSWER_WITHIN)
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Json.parse(response.body(), ClusterHealth.class) : UNKNOWN;
        } catch (IOException e) {
            // It starts, or it has ended: whoever asks knows how long to go on asking.
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + address, e);
        }
    }
}
