package io.memorymachine.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.quarkus.test.common.http.TestHTTPResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a service that runs as {@link TokenRequired} lets in, and what not. */
public abstract class GuardedApi {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/")
    URI root;

    /** Paths of the service that GET answers, each with the status that a caller with the token gets. */
    protected abstract Map<String, Integer> paths();

    @Test
    void whoSendsTheTokenIsLetIn() throws Exception {
        for (Map.Entry<String, Integer> expected : paths().entrySet()) {
            for (String scheme : new String[] {"Bearer ", "bearer ", "BEARER  "}) {
                assertThat(get(expected.getKey(), scheme + TokenRequired.TOKEN).statusCode())
                        .as(expected.getKey())
                        .isEqualTo(expected.getValue());
            }
        }
    }

    @Test
    void whoSendsNoneIsRefusedWithAProblemDocument() throws Exception {
        for (String path : paths().keySet()) {
            assertRefused(get(path));
        }
        assertRefused(get("/api/v1/there-is-no-such-thing"));
        assertRefused(get("/"));
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void whoSendsAnythingElseIsRefused(String header) throws Exception {
        for (String path : paths().keySet()) {
            assertRefused(get(path, header));
        }
    }

    static Stream<String> wrongHeaders() {
        String token = TokenRequired.TOKEN;
        return Stream.of(
                "",
                "Bearer",
                "Bearer ",
                token,
                "Basic " + token,
                "Basic dXNlcjpwYXNzd29yZA==",
                "Bearer" + token,
                "Bearer wrong",
                "Bearer " + token + "=",
                "Bearer " + token.substring(1),
                "Bearer " + token.toLowerCase(Locale.ROOT),
                "Bearer " + token + ", Bearer " + token,
                "Bearer \"" + token + "\"",
                "Bearer %7B" + token,
                "Bearer " + "a".repeat(6000));
    }

    @Test
    void twoTokensAreRefusedAlsoIfOneIsRight() throws Exception {
        String path = paths().keySet().iterator().next();

        assertRefused(get(path, "Bearer wrong", "Bearer " + TokenRequired.TOKEN));
        assertRefused(get(path, "Bearer " + TokenRequired.TOKEN, "Bearer wrong"));
    }

    @Test
    void theTokenMayComeInTheHeaderThatAClustersProxyPassesOn() throws Exception {
        for (Map.Entry<String, Integer> expected : paths().entrySet()) {
            String path = expected.getKey();

            assertThat(getThroughProxy(path, TokenRequired.TOKEN).statusCode()).isEqualTo(expected.getValue());
            assertRefused(getThroughProxy(path, ""));
            assertRefused(getThroughProxy(path, "wrong"));
            assertRefused(getThroughProxy(path, "Bearer " + TokenRequired.TOKEN));
            assertRefused(getThroughProxy(path, TokenRequired.TOKEN, "wrong"));
            assertRefused(getThroughProxy(path, "wrong", TokenRequired.TOKEN));
        }
    }

    @Test
    void aHeaderLargerThanAnyIsRefused() throws Exception {
        String path = paths().keySet().iterator().next();

        assertThat(get(path, "Bearer " + "a".repeat(100_000)).statusCode()).isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%s",
                "/q/health/../..%s",
                "/q/health/%%2e%%2e/%%2E%%2E%s",
                "/q/health/..%%2f..%s",
                "/q/health;/..;/..%s",
                "/.%s",
                "/x/..%s",
            })
    void noSpellingOfAPathGetsAroundTheCheck(String spelling) throws Exception {
        for (String path : paths().keySet()) {
            // 404 where it names nothing below /q/health.
            assertThat(get(spelling.formatted(path)).statusCode())
                    .as(spelling.formatted(path))
                    .isIn(400, 401, 404);
        }
        for (String path : paths().keySet()) {
            assertRefused(get(path.replaceFirst("/api", "/api;x=1")));
            assertRefused(get(path.replaceFirst("/api", "/%61pi")));
        }
    }

    @Test
    void theAnswerDoesNotWaitForTheBody() throws Exception {
        String path = paths().keySet().iterator().next();
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 999999999\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));

            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void healthMetricsAndOpenApiAreOpenWhateverIsSent() throws Exception {
        for (String path :
                new String[] {"/q/health", "/q/health/ready", "/q/health/live", "/q/metrics", "/q/openapi"}) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
            assertThat(get(path, "Bearer wrong").statusCode()).as(path).isEqualTo(200);
        }
    }

    private HttpResponse<String> get(String path, String... authorization) throws IOException, InterruptedException {
        return send(path, "Authorization", authorization);
    }

    private HttpResponse<String> getThroughProxy(String path, String... tokens)
            throws IOException, InterruptedException {
        return send(path, "X-Memory-Machine-Token", tokens);
    }

    private HttpResponse<String> send(String path, String name, String... values)
            throws IOException, InterruptedException {
        String origin = root.toString();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(origin.substring(0, origin.length() - 1) + path));
        for (String value : values) {
            request.header(name, value);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertRefused(HttpResponse<String> response) {
        String of = response.request().uri() + " " + response.body();
        assertThat(response.statusCode()).as(of).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate")).as(of).containsExactly("Bearer");
        assertThat(response.headers().firstValue("Content-Type")).as(of).contains("application/problem+json");
        assertThat(response.body())
                .contains("\"reason\":\"UNAUTHENTICATED\"", "\"status\":401")
                .doesNotContain(TokenRequired.TOKEN);
    }
}
