package io.memorymachine.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** Requests to an installation's services. Every method blocks until the service has answered. */
public final class Api {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** Files of many gigabytes are read before some answers. */
    private static final Duration CHECKED_WITHIN = Duration.ofMinutes(15);

    private static final String JSON = "application/json";
    private static final int PAGE = 500;

    private final Installation installation;

    /** Requests to this one. */
    public Api(Installation installation) {
        this.installation = installation;
    }

    /** The installation that is asked. */
    public Installation installation() {
        return installation;
    }

    /**
     * Reads.
     *
     * @param path without a slash in front
     * @throws ProblemException if the service refuses
     * @throws UnreachableException if it does not answer
     */
    public JsonNode get(Service service, String path) {
        return send(request(uri(service, path)));
    }

    /** Reads from each instance of a service. */
    public List<JsonNode> getFromEach(Service service, String path) {
        return installation.instances(service).stream()
                .map(base -> send(request(base.resolve(path))))
                .toList();
    }

    /** All entries of a list, page by page; {@code query} is what narrows it down. */
    public List<JsonNode> all(Service service, String path, Map<String, String> query) {
        List<JsonNode> all = new ArrayList<>();
        String next = "";
        do {
            String parameters = "limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next))
                    + query.entrySet().stream()
                            .map(entry -> "&" + entry.getKey() + "=" + encoded(entry.getValue()))
                            .collect(Collectors.joining());
            JsonNode page = get(service, path + "?" + parameters);
            page.path("items").forEach(all::add);
            next = page.path("next").asText("");
        } while (!next.isEmpty());
        return all;
    }

    /** Asks for something to be begun; {@code body} may be null. */
    public JsonNode post(Service service, String path, JsonNode body) {
        return post(service, path, body, ANSWER_WITHIN);
    }

    /** Asks for checks whose answer comes when they are over; {@code body} may be null. */
    public JsonNode check(Service service, String path, JsonNode body) {
        return post(service, path, body, CHECKED_WITHIN);
    }

    private JsonNode post(Service service, String path, JsonNode body, Duration within) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(service, path)).timeout(within);
        return send(
                body == null
                        ? request.POST(HttpRequest.BodyPublishers.noBody())
                        : request.header("Content-Type", JSON)
                                .POST(HttpRequest.BodyPublishers.ofString(Json.text(body))));
    }

    /** Sends bytes as they are with a method of one's choice. */
    public JsonNode sendBytes(String method, Service service, String path, byte[] body) {
        return send(request(uri(service, path))
                .header("Content-Type", JSON)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Asks for something to be deleted. */
    public JsonNode delete(Service service, String path) {
        return send(request(uri(service, path)).DELETE());
    }

    /** A request for a stream of events, with what lets it in. */
    HttpRequest events(Service service, String path) {
        return authenticated(HttpRequest.newBuilder(uri(service, path)))
                .header("Accept", "text/event-stream, application/problem+json")
                .timeout(ANSWER_WITHIN)
                .build();
    }

    HttpClient http() {
        return installation.http();
    }

    /** A name as a segment of a path. */
    public static String segment(String name) {
        return encoded(name).replace("+", "%20");
    }

    private URI uri(Service service, String path) {
        return installation.base(service).resolve(path);
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpRequest request = authenticated(builder)
                .header("Accept", "application/json, application/problem+json")
                .build();
        HttpResponse<String> response;
        try {
            response = http().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw unreachable(request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while waiting for " + request.uri(), e);
        }
        if (response.statusCode() >= 400) {
            throw problem(request.uri(), response.statusCode(), response.body());
        }
        return parsed(request.uri(), response.body());
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN);
    }

    private HttpRequest.Builder authenticated(HttpRequest.Builder builder) {
        installation.credentials().forEach(builder::header);
        return builder;
    }

    static ProblemException problem(URI asked, int status, String body) {
        JsonNode problem = Json.object();
        try {
            problem = Json.tree(body);
        } catch (IOException e) {
            // Something between us and the service has answered: its status is all that can be told.
        }
        // What the API server itself refuses is a Status with a message.
        String detail = problem.path("detail")
                .asText(problem.path("message").asText(problem.path("title").asText("")));
        return new ProblemException(
                status,
                problem.path("reason").asText(""),
                detail.isEmpty() ? asked + " answers with HTTP " + status : detail);
    }

    static UnreachableException unreachable(URI asked, IOException failure) {
        String where = asked.getScheme() + "://" + asked.getAuthority();
        if (failure instanceof ConnectException) {
            return new UnreachableException("nobody listens at " + where, failure);
        }
        String why =
                failure instanceof HttpTimeoutException ? "no answer in time" : String.valueOf(failure.getMessage());
        return new UnreachableException("no answer from " + where + ": " + why, failure);
    }

    private static JsonNode parsed(URI asked, String body) {
        try {
            return Json.tree(body);
        } catch (IOException e) {
            throw new UnreachableException(asked + " answers with something that is no JSON", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
