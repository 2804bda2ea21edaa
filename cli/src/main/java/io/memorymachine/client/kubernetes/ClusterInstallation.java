package io.memorymachine.client.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;

import io.memorymachine.client.Installation;
import io.memorymachine.client.Json;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Service;
import io.memorymachine.client.UnreachableException;

/**
 * An installation in a cluster, reached through the API server's proxy with what the kubeconfig holds of the user: no pod is
 * entered, no port is forwarded, and whoever may not use the proxy is refused by the API server.
 *
 * <p>The API server keeps the header {@code Authorization} to itself, so the services' own token travels in
 * {@value #TOKEN_HEADER}. It is read from the Secret {@value #TOKEN_SECRET}: only those may use the product who may read that.
 */
public final class ClusterInstallation implements Installation {
    /** Carries the services' token through the API server's proxy. */
    public static final String TOKEN_HEADER = "X-Memory-Machine-Token";

    /** The Secret with the services' token, under the key {@code token}. */
    public static final String TOKEN_SECRET = "memory-machine-token";

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int PORT = 8080;

    private final Config config;
    private final String namespace;
    private HttpClient http;
    private String token;

    private ClusterInstallation(Config config, String namespace) {
        this.config = config;
        this.namespace = namespace;
    }

    /**
     * The installation that a kubeconfig leads to.
     *
     * @param kubeconfig null for {@code KUBECONFIG}, else {@code ~/.kube/config}, else the pod's own account
     * @param context null for the current one
     * @param namespace where the services run
     * @throws UnreachableException if there is no such file
     */
    public static ClusterInstallation of(Path kubeconfig, String context, String namespace) {
        if (kubeconfig != null) {
            if (!Files.isReadable(kubeconfig)) {
                throw new UnreachableException("the kubeconfig " + kubeconfig + " cannot be read");
            }
            System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.toString());
        }
        return new ClusterInstallation(Config.autoConfigure(context), namespace);
    }

    @Override
    public String description() {
        String context = config.getCurrentContext() == null
                ? config.getMasterUrl()
                : config.getCurrentContext().getName();
        return "the cluster " + context + " (namespace " + namespace + ")";
    }

    @Override
    public URI base(Service service) {
        return api("services/http:" + service.module() + ":" + PORT + "/proxy/");
    }

    @Override
    public List<URI> instances(Service service) {
        JsonNode pods = ask(api("pods?labelSelector=app.kubernetes.io%2Fname%3D" + service.module()));
        List<URI> instances = new ArrayList<>();
        for (JsonNode pod : pods.path("items")) {
            if (pod.path("status").path("phase").asText().equals("Running")) {
                String name = pod.path("metadata").path("name").asText();
                instances.add(api("pods/http:" + name + ":" + PORT + "/proxy/"));
            }
        }
        if (instances.isEmpty()) {
            throw new UnreachableException("no pod of " + service.module() + " runs in " + description());
        }
        return instances;
    }

    @Override
    public synchronized Map<String, String> credentials() {
        if (token == null) {
            JsonNode secret = ask(api("secrets/" + TOKEN_SECRET));
            byte[] decoded =
                    Base64.getDecoder().decode(secret.path("data").path("token").asText());
            token = new String(decoded, StandardCharsets.UTF_8).strip();
        }
        Map<String, String> headers = user();
        headers.put(TOKEN_HEADER, token);
        return headers;
    }

    @Override
    public synchronized HttpClient http() {
        if (http == null) {
            try {
                HttpClient.Builder builder = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(WITHIN);
                if (config.getMasterUrl().startsWith("https")) {
                    builder.sslContext(SSLUtils.sslContext(config));
                }
                http = builder.build();
            } catch (GeneralSecurityException | IOException e) {
                throw new UnreachableException("the kubeconfig's certificates cannot be used: " + e.getMessage(), e);
            }
        }
        return http;
    }

    private URI api(String path) {
        String master = config.getMasterUrl();
        return URI.create(master + (master.endsWith("/") ? "" : "/") + "api/v1/namespaces/" + namespace + "/" + path);
    }

    private JsonNode ask(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(WITHIN);
        user().forEach(request::header);
        try {
            HttpResponse<String> response = http().send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode answer = Json.tree(response.body());
            if (response.statusCode() >= 400) {
                throw new ProblemException(
                        response.statusCode(),
                        "",
                        "the API server refuses: " + answer.path("message").asText("HTTP " + response.statusCode()));
            }
            return answer;
        } catch (IOException e) {
            throw new UnreachableException("no answer from the API server at " + config.getMasterUrl() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while asking the API server", e);
        }
    }

    private Map<String, String> user() {
        Map<String, String> headers = new HashMap<>();
        String bearer = config.getOauthTokenProvider() == null
                ? config.getAutoOAuthToken() == null ? config.getOauthToken() : config.getAutoOAuthToken()
                : config.getOauthTokenProvider().getToken();
        if (bearer != null && !bearer.isEmpty()) {
            headers.put("Authorization", "Bearer " + bearer);
        } else if (config.getUsername() != null && config.getPassword() != null) {
            String pair = config.getUsername() + ":" + config.getPassword();
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return headers;
    }
}
