package io.memorymachine.testing.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.hostile.HostileJson;
import io.memorymachine.hostile.HostileTexts;
import io.memorymachine.http.Problem;
import io.memorymachine.testing.http.ApiDescription.Endpoint;
import io.memorymachine.testing.http.RawHttp.Answer;
import io.memorymachine.testing.http.RawHttp.Request;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends every endpoint of a running service what nobody means to send: the endpoints and their parameters are those of the
 * service's own OpenAPI document, so a new one is covered by itself. Whatever is refused is refused with a problem document
 * that has a reason and shows nothing of the inside, and nothing ends in a server error.
 */
public final class HostileHttp {
    private static final int BODIES = 120;
    private static final int LARGE = 2 << 20;

    /** RFC 3986: what else stands in a request line makes it none. */
    private static final String URI_CHARACTERS = "[-A-Za-z0-9._~:/?#@!$&'()*+,;=]*";

    /** What is refused before any filter of the product sees it: no HTTP, no URI, or a request line over 4 KiB. */
    private static final Set<Integer> BELOW_HTTP = Set.of(400, 414, 431);

    private static final int LONGEST_LINE = 4096;

    private static final List<String> INSIDE = List.of(
            "java.",
            "jakarta.",
            "io.memorymachine",
            "com.fasterxml",
            "org.hibernate",
            "io.vertx",
            "io.quarkus",
            "\tat ",
            "Exception",
            "org.jboss",
            "org.postgresql");

    private static final List<String> REASONS =
            Arrays.stream(FailureReason.values()).map(Enum::name).toList();

    private final RawHttp http;
    private final ObjectMapper json;
    private final long seed;
    private final HostileJson hostile;

    /** For the service at this address; equal seeds give equal requests. */
    public HostileHttp(URI service, ObjectMapper json, long seed) {
        this.http = new RawHttp(service.getHost(), service.getPort());
        this.json = json;
        this.seed = seed;
        this.hostile = new HostileJson(seed);
    }

    /** Sends all requests, and returns how many that were. */
    public int attack() {
        List<Endpoint> endpoints = endpoints();
        assertThat(endpoints).as("endpoints of the OpenAPI document").isNotEmpty();
        List<Request> requests = new ArrayList<>();
        endpoints.forEach(endpoint -> {
            requests.addAll(oddPaths(endpoint));
            requests.addAll(oddQueries(endpoint));
            requests.addAll(oddBodies(endpoint));
            requests.addAll(oddHeaders(endpoint));
        });
        requests.addAll(unknownPaths());
        requests.forEach(this::send);
        return requests.size();
    }

    private List<Endpoint> endpoints() {
        Answer answer = http.send(new Request("GET", "/q/openapi?format=json", Map.of(), null));
        assertThat(answer.status()).isEqualTo(200);
        return new ApiDescription(read(answer.body()), json)
                .endpoints().stream()
                        .filter(endpoint -> endpoint.path().startsWith("/api"))
                        .toList();
    }

    // --- requests

    private List<Request> oddPaths(Endpoint endpoint) {
        if (!endpoint.path().contains("{")) {
            return List.of();
        }
        return Stream.concat(
                        HostileTexts.ALL.stream().map(HostileHttp::encoded),
                        Stream.of("%", "%zz", "%c0%af", "%ff", "..;", "a;b=c", "a%2fb", "{name}", "a?b", "[", "\u00fc"))
                .map(name -> request(endpoint, endpoint.path().replaceAll("\\{[^}]*}", quoted(name)), body(endpoint)))
                .toList();
    }

    private List<Request> oddQueries(Endpoint endpoint) {
        List<Request> requests = new ArrayList<>();
        for (String parameter : endpoint.query()) {
            Stream.concat(
                            HostileTexts.ALL.stream().map(HostileHttp::encoded),
                            Stream.of(
                                    "1.5",
                                    "501",
                                    "99999999999",
                                    "-2147483649",
                                    "0x10",
                                    "%",
                                    "%zz",
                                    "%ff",
                                    "1&" + parameter + "=2"))
                    .map(value -> request(endpoint, known(endpoint) + "?" + parameter + "=" + value, null))
                    .forEach(requests::add);
        }
        requests.add(request(endpoint, known(endpoint) + "?" + "a=b&".repeat(600), null));
        requests.add(request(endpoint, known(endpoint) + "?%00=1&=&&?", null));
        return requests;
    }

    private List<Request> oddBodies(Endpoint endpoint) {
        if (endpoint.contentType() == null) {
            return List.of();
        }
        List<Request> requests = new ArrayList<>();
        String good =
                endpoint.body() == null ? "{\"format\":1,\"payload\":\"e30\",\"signature\":\"AA\"}" : endpoint.body();
        for (int i = 0; i < BODIES; i++) {
            requests.add(request(endpoint, known(endpoint), hostile.spoil(good)));
        }
        requests.add(request(endpoint, known(endpoint), null));
        requests.add(request(endpoint, known(endpoint), " ".repeat(LARGE).getBytes(StandardCharsets.UTF_8)));
        // Bodies that cannot be meant as JSON, under good and bad names.
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "application/json; charset=utf-16",
                "nonsense",
                "*/*",
                "multipart/form-data",
                "application/x-www-form-urlencoded")) {
            requests.add(
                    new Request(endpoint.method(), known(endpoint), Map.of("Content-Type", type), hostile.spoil(good)));
        }
        return requests;
    }

    private List<Request> oddHeaders(Endpoint endpoint) {
        List<Request> requests = new ArrayList<>();
        for (String method : List.of("PATCH", "OPTIONS", "TRACE", "PROPFIND", "get")) {
            requests.add(new Request(method, known(endpoint), Map.of(), null));
        }
        for (Map.Entry<String, String> header : List.of(
                Map.entry("Accept", "text/html"),
                Map.entry("Accept", "nonsense"),
                Map.entry("Accept", "application/json;q=x"),
                Map.entry("Accept-Language", "a".repeat(2000)),
                Map.entry("traceparent", "00-nonsense"),
                Map.entry("Content-Length", "-1"),
                Map.entry("Content-Length", "abc"),
                Map.entry("Content-Length", "99999999999999999999"),
                Map.entry("X-Large", "a".repeat(10_000)))) {
            requests.add(
                    new Request(endpoint.method(), known(endpoint), Map.of(header.getKey(), header.getValue()), null));
        }
        return requests;
    }

    private static List<Request> unknownPaths() {
        return HostileTexts.ALL.stream()
                .flatMap(text -> Stream.of("/" + encoded(text), "/api/v1/" + encoded(text), "/q/" + encoded(text)))
                .map(target -> new Request("GET", target, Map.of(), null))
                .toList();
    }

    private Request request(Endpoint endpoint, String target, byte[] body) {
        return new Request(
                endpoint.method(),
                target,
                body == null || endpoint.contentType() == null
                        ? Map.of()
                        : Map.of("Content-Type", endpoint.body() == null ? "application/json" : endpoint.contentType()),
                body);
    }

    /** The path with a name that could be: nothing is called so. */
    private static String known(Endpoint endpoint) {
        return endpoint.path().replaceAll("\\{[^}]*}", "nobody");
    }

    private static byte[] body(Endpoint endpoint) {
        return endpoint.body() == null ? null : endpoint.body().getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String replacement) {
        return replacement.replace("\\", "\\\\").replace("$", "\\$");
    }

    /** Every byte but letters and digits, so that it is the server that decodes. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
            encoded.append(plain ? Character.toString(b) : String.format("%%%02x", b));
        }
        return encoded.toString();
    }

    // --- answers

    private void send(Request request) {
        Answer answer = http.send(request);
        String what = "seed " + seed + ": " + request + " -> " + answer;
        assertThat(answer.status()).as(what).isBetween(200, 499);
        if (answer.status() < 400 || isBelowHttp(request, answer)) {
            return;
        }
        assertThat(INSIDE.stream().filter(answer.body()::contains)).as(what).isEmpty();
        if (request.method().equals("HEAD") || !request.target().startsWith("/api/v1/")) {
            return;
        }
        assertThat(answer.headers().get("content-type")).as(what).startsWith(Problem.MEDIA_TYPE);
        JsonNode problem = read(answer.body());
        assertThat(problem.path("status").asInt()).as(what).isEqualTo(answer.status());
        assertThat(REASONS).as(what).contains(problem.path("reason").asText());
        assertThat(answer.body().length()).as(what).isLessThan(16 * 1024);
    }

    /** Such a refusal is one without a body. */
    private static boolean isBelowHttp(Request request, Answer answer) {
        boolean noHttp = request.target().length() > LONGEST_LINE - 100
                || !request.target().replaceAll("%[0-9a-fA-F]{2}", "").matches(URI_CHARACTERS)
                || request.headers().values().stream().anyMatch(value -> value.length() > LONGEST_LINE)
                || request.headers().containsKey("Content-Length");
        return noHttp && BELOW_HTTP.contains(answer.status()) && answer.body().isEmpty();
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** The paths that were attacked, for whoever wants to see that none is missing. */
    public Set<String> paths() {
        return endpoints().stream().map(Endpoint::path).collect(Collectors.toSet());
    }
}
