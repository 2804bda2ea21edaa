package io.memorymachine.client.kubernetes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.client.Api;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Service;
import io.memorymachine.client.UnreachableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against an API server that lets in one user, keeps the header Authorization, and passes the rest on. */
class ClusterInstallationTest {
    private static final String USER = "the-users-own-token";
    private static final String OF_ACCOUNT = "the-accounts-token";
    private static final String NAMESPACE = "/api/v1/namespaces/memverge/";
    private static final String REFUSED = "{\"kind\":\"Status\",\"message\":\"serviceaccounts is forbidden\"}";

    @TempDir
    Path directory;

    private final List<String> passedOn = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokensAsked = new AtomicInteger();
    private HttpServer server;
    private Path kubeconfig;
    private volatile boolean mayCreateTokens = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        kubeconfig = Files.writeString(
                directory.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: other
                clusters:
                - name: here
                  cluster: {server: "http://127.0.0.1:%1$d"}
                - name: nowhere
                  cluster: {server: "http://127.0.0.1:1"}
                users:
                - name: me
                  user: {token: %2$s}
                - name: nobody
                  user: {}
                contexts:
                - name: other
                  context: {cluster: nowhere, user: me}
                - name: mine
                  context: {cluster: here, user: me}
                - name: tokenless
                  context: {cluster: here, user: nobody}
                """.formatted(server.getAddress().getPort(), USER));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.clearProperty("kubeconfig");
    }

    @Test
    void aServiceIsReachedThroughTheApiServersProxyWithTheUsersOwnToken() {
        Api api = new Api(ClusterInstallation.of(kubeconfig, "mine", "memverge", null));

        assertThat(api.get(Service.SNAPSHOT, "api/v1/snapshots?limit=1")
                        .path("by")
                        .asText())
                .isEqualTo("snapshot-service");
        assertThat(passedOn)
                .containsExactly("GET services/http:snapshot-service:8080/proxy/api/v1/snapshots?limit=1 " + USER);
    }

    @Test
    void eachNodesInstanceIsAskedByItself() {
        Api api = new Api(ClusterInstallation.of(kubeconfig, "mine", "memverge", null));

        assertThat(api.getFromEach(Service.PMEM, "api/v1/usage"))
                .extracting(usage -> usage.path("by").asText())
                .containsExactly("pmem-a", "pmem-b");
    }

    @Test
    void theContextIsTheCurrentOneUnlessAnotherIsNamed() {
        assertThat(ClusterInstallation.of(kubeconfig, "mine", "memverge", null).description())
                .contains("mine")
                .contains("memverge");
        assertThat(ClusterInstallation.of(kubeconfig, null, "memverge", null).base(Service.LICENSE))
                .isEqualTo(URI.create("http://127.0.0.1:1" + NAMESPACE + "services/http:license-service:8080/proxy/"));
    }

    @Test
    void aServiceAccountIsAskedForWhereOneIsNamed() {
        Api api = new Api(ClusterInstallation.of(kubeconfig, "mine", "memverge", "ops/backup"));

        api.get(Service.LICENSE, "api/v1/license");
        api.get(Service.LICENSE, "api/v1/license");

        assertThat(passedOn)
                .containsExactly(
                        "GET services/http:license-service:8080/proxy/api/v1/license " + OF_ACCOUNT,
                        "GET services/http:license-service:8080/proxy/api/v1/license " + OF_ACCOUNT);
        assertThat(tokensAsked).hasValue(1);
    }

    @Test
    void whoMayNotCreateTokensIsToldByTheApiServer() {
        mayCreateTokens = false;
        Api api = new Api(ClusterInstallation.of(kubeconfig, "mine", "memverge", "ops/backup"));

        assertThatThrownBy(() -> api.get(Service.LICENSE, "api/v1/license"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.status()).isEqualTo(403))
                .hasMessageContaining("serviceaccounts is forbidden");
    }

    @Test
    void whoHasNoTokenIsToldWhatToDo() {
        Api api = new Api(ClusterInstallation.of(kubeconfig, "tokenless", "memverge", null));

        assertThatThrownBy(() -> api.get(Service.LICENSE, "api/v1/license"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("--service-account");
    }

    @Test
    void aKubeconfigThatIsNotThereIsTold() {
        assertThatThrownBy(() -> ClusterInstallation.of(directory.resolve("none"), null, "memverge", null))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("none cannot be read");
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            if (!("Bearer " + USER).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "{\"kind\":\"Status\",\"message\":\"Unauthorized\"}");
            } else if (path.equals("/api/v1/namespaces/ops/serviceaccounts/backup/token")) {
                tokensAsked.incrementAndGet();
                answer(
                        exchange,
                        mayCreateTokens ? 201 : 403,
                        mayCreateTokens ? "{\"status\":{\"token\":\"" + OF_ACCOUNT + "\"}}" : REFUSED);
            } else if (path.startsWith(NAMESPACE + "pods?labelSelector=app.kubernetes.io%2Fname%3Dpmem-service")) {
                answer(exchange, 200, pods(Map.of("pmem-a", "Running", "pmem-b", "Running", "pmem-c", "Pending")));
            } else {
                String rest = path.substring(NAMESPACE.length());
                passedOn.add(exchange.getRequestMethod() + " " + rest + " "
                        + exchange.getRequestHeaders().getFirst(ClusterInstallation.TOKEN_HEADER));
                answer(exchange, 200, "{\"by\":\"" + rest.replaceFirst(".*http:([^:]*):.*", "$1") + "\"}");
            }
        }
    }

    private static String pods(Map<String, String> phases) {
        return phases.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(pod -> "{\"metadata\":{\"name\":\"" + pod.getKey() + "\"},\"status\":{\"phase\":\""
                        + pod.getValue() + "\"}}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
