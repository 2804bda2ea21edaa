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
 * entered, no port is forwarded, and what the user may do is decided by the cluster's own rules.
 *
 * <p>The API server keeps the header {@code Authorization} to itself, so the user's token travels in {@value #TOKEN_HEADER} as
 * well; the services ask the API server whose it is. A user who has a certificate and no token names a service account in
 * whose name a token may be asked for.
 */
public final class ClusterInstallation implements Installation {
    /** Carries the user's token through the API server's proxy. */
    public static final String TOKEN_HEADER = "X-Memory-Machine-Token";

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int PORT = 8080;

    /** The shortest life that the API server gives a token; it is asked for anew when half of it is over. */
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private final Config config;
    private final String namespace;
    private final String serviceAccount;
    private HttpClient http;
    private String token;
    private long tokenSince;

    private ClusterInstallation(Config config, String namespace, String serviceAccount) {
        this.config = config;
        this.namespace = namespace;
        this.serviceAccount = serviceAccount;
    }

    /**
     * The installation that a kubeconfig leads to.
     *
     * @param kubeconfig null for {@code KUBECONFIG}, else {@code ~/.kube/config}, else the pod's own account
     * @param context null for the current one
     * @param namespace where the services run
     * @param serviceAccount namespace and name, with a slash between them, of the one in whose name the services are asked;
     *     null for the user
     * @throws UnreachableException if there is no such file
     */
    public static ClusterInstallation of(Path kubeconfig, String context, String namespace, String serviceAccount) {
        if (kubeconfig != null) {
            if (!Files.isReadable(kubeconfig)) {
                throw new UnreachableException("the kubeconfig " + kubeconfig + " cannot be read");
            }
            System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.toString());
        }
        return new ClusterInstallation(Config.autoConfigure(context), namespace, serviceAccount);
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
        JsonNode pods =
                ask(HttpRequest.newBuilder(api("pods?labelSelector=app.kubernetes.io%2Fname%3D" + service.module())));
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
    public Map<String, String> credentials() {
        Map<String, String> headers = user();
        headers.put(TOKEN_HEADER, serviceAccount == null ? ownToken() : tokenOf(serviceAccount));
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
        return api(namespace, path);
    }

    private URI api(String in, String path) {
        String master = config.getMasterUrl();
        return URI.create(master + (master.endsWith("/") ? "" : "/") + "api/v1/namespaces/" + in + "/" + path);
    }

    private JsonNode ask(HttpRequest.Builder request) {
        user().forEach(request::header);
        try {
            HttpResponse<String> response =
                    http().send(request.timeout(WITHIN).build(), HttpResponse.BodyHandlers.ofString());
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

    private String ownToken() {
        String bearer = bearer();
        if (bearer == null) {
            throw new UnreachableException(
                    "the kubeconfig's user has no token, by which the services would know who asks:"
                            + " name a service account with --service-account NAMESPACE/NAME whose tokens you may create");
        }
        return bearer;
    }

    private synchronized String tokenOf(String account) {
        if (token == null || System.nanoTime() - tokenSince > TOKEN_LIFE.toNanos() / 2) {
            int slash = account.indexOf('/');
            String in = slash < 0 ? namespace : account.substring(0, slash);
            JsonNode wanted = Json.object()
                    .put("apiVersion", "authentication.k8s.io/v1")
                    .put("kind", "TokenRequest")
                    .set("spec", Json.object().put("expirationSeconds", TOKEN_LIFE.toSeconds()));
            URI tokens = api(in, "serviceaccounts/" + account.substring(slash + 1) + "/token");
            JsonNode given = ask(HttpRequest.newBuilder(tokens)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Json.text(wanted))));
            token = given.path("status").path("token").asText();
            tokenSince = System.nanoTime();
        }
        return token;
    }

    private Map<String, String> user() {
        Map<String, String> headers = new HashMap<>();
        String bearer = bearer();
        if (bearer != null) {
            headers.put("Authorization", "Bearer " + bearer);
        } else if (config.getUsername() != null && config.getPassword() != null) {
            String pair = config.getUsername() + ":" + config.getPassword();
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return headers;
    }

    /** The user's token, of whatever kind; null for one who has none. */
    private String bearer() {
        if (config.getOauthTokenProvider() != null) {
            return config.getOauthTokenProvider().getToken();
        }
        String bearer = config.getAutoOAuthToken() == null ? config.getOauthToken() : config.getAutoOAuthToken();
        return bearer == null || bearer.isEmpty() ? null : bearer;
    }
}
