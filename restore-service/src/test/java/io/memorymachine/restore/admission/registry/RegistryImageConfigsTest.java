package io.memorymachine.restore.admission.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.restore.admission.Entrypoint;
import io.memorymachine.restore.admission.UnresolvedImageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An image's entrypoint out of a registry that speaks the distribution protocol. */
@EnableKubernetesMockClient(crud = true)
class RegistryImageConfigsTest {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String CONFIG = """
            {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/usr/bin","JAVA_TOOL_OPTIONS=-Da=b=c"],
             "Entrypoint":["/bin/tini","--"],"Cmd":["hz","start"]}}""";

    KubernetesClient client;

    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final PodSpec pod =
            new PodSpecBuilder().addNewImagePullSecret("pull").build();
    private final Vertx vertx = Vertx.vertx();
    private String registry;
    private String wantedAuthorization;
    private RegistryImageConfigs images;

    @BeforeEach
    void start() {
        // It refuses TLS at once, as registries without it do.
        int port = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        registry = "localhost:" + port;
        images = new RegistryImageConfigs(client, new ObjectMapper(), true);
        String manifest = manifest(CONFIG);
        publish("/v2/team/hz/manifests/5.7.0", manifest, MANIFEST);
        publish(
                "/v2/team/hz/manifests/multi",
                """
                {"schemaVersion":2,"mediaType":"%s","manifests":[
                 {"mediaType":"%s","size":1,"digest":"sha256:%s","platform":{"architecture":"arm64","os":"linux"}},
                 {"mediaType":"%s","size":%d,"digest":"sha256:%s","platform":{"architecture":"amd64","os":"linux"}}]}""".formatted(LIST, MANIFEST, "0".repeat(64), MANIFEST, manifest.length(), sha256(manifest)),
                LIST);
        publish("/v2/team/hz/manifests/sha256:" + sha256(manifest), manifest, MANIFEST);
    }

    private String manifest(String config) {
        publish("/v2/team/hz/blobs/sha256:" + sha256(config), config, "application/octet-stream");
        return """
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"sha256:%s"},
                 "layers":[]}""".formatted(MANIFEST, config.length(), sha256(config));
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({"5.7.0", "multi"})
    void readsWhatTheImageRuns(String tag) {
        assertThat(images.read("demo", pod, registry + "/team/hz:" + tag))
                .isEqualTo(new Entrypoint(
                        List.of("/bin/tini", "--"),
                        List.of("hz", "start"),
                        Map.of("PATH", "/usr/bin", "JAVA_TOOL_OPTIONS", "-Da=b=c")));
    }

    @Test
    void sendsThePullSecretToItsRegistry() {
        wantedAuthorization = "Basic " + base64("ann:secret");
        pullSecret("{\"auths\":{\"other.example.com\":{\"auth\":\"%s\"},\"http://%s/v2/\":{\"auth\":\"%s\"}}}"
                .formatted(base64("bob:no"), registry, base64("ann:secret")));

        assertThat(images.read("demo", pod, registry + "/team/hz:5.7.0").arguments())
                .containsExactly("hz", "start");
    }

    @Test
    void withoutACredentialItSaysSo() {
        wantedAuthorization = "Basic " + base64("ann:secret");

        assertUnresolved("/team/hz:5.7.0", "the pod has no pull secret for it, or bind");
    }

    @Test
    void withAWrongCredentialItSaysSo() {
        wantedAuthorization = "Basic " + base64("ann:secret");
        pullSecret("{\"auths\":{\"%s\":{\"username\":\"ann\",\"password\":\"old\"}}}".formatted(registry));

        assertUnresolved("/team/hz:5.7.0", "than the pull secret's");
    }

    @Test
    void aSecretThatIsNoDockerConfigurationIsNamed() {
        pullSecret("not json");

        assertUnresolved("/team/hz:5.7.0", "the pull secret pull is malformed");
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        assertUnresolved("/team/hz:9.9.9", "does not tell the configuration of");
    }

    @Test
    void anImageThatRunsNothingIsNamed() {
        publish("/v2/team/hz/manifests/empty", manifest("{\"config\":{\"Env\":[]}}"), MANIFEST);

        assertUnresolved("/team/hz:empty", "neither an entrypoint nor a command");
    }

    @Test
    void whatIsNoImageIsNamed() {
        assertThatThrownBy(() -> images.read("demo", pod, "UPPER CASE"))
                .isInstanceOf(UnresolvedImageException.class)
                .hasMessageContaining("names no image");
    }

    @ParameterizedTest
    @CsvSource({
        "https://index.docker.io/v1/, registry-1.docker.io, true",
        "docker.io, registry-1.docker.io, true",
        "registry.example.com, registry.example.com, true",
        "registry.example.com/team, registry.example.com, true",
        "https://registry.example.com:5000, registry.example.com:5000, true",
        "registry.example.com, registry.example.com.evil.org, false",
        "example.com, registry.example.com, false",
        "ghcr.io, registry-1.docker.io, false",
    })
    void credentialsGoToTheirRegistryOnly(String key, String host, boolean fits) {
        assertThat(PullSecrets.isFor(key, host)).isEqualTo(fits);
    }

    private void assertUnresolved(String image, String message) {
        assertThatThrownBy(() -> images.read("demo", pod, registry + image))
                .isInstanceOf(UnresolvedImageException.class)
                .hasMessageContaining(message);
    }

    private void pullSecret(String config) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("demo")
                        .withName("pull")
                        .endMetadata()
                        .addToData(".dockerconfigjson", base64(config))
                        .build())
                .create();
    }

    private void publish(String path, String content, String type) {
        blobs.put(path, content.getBytes(StandardCharsets.UTF_8));
        types.put(path, type);
    }

    private void answer(HttpServerRequest request) {
        String given = request.getHeader("Authorization");
        byte[] blob = blobs.get(request.path());
        HttpServerResponse response = request.response();
        if (wantedAuthorization != null && !wantedAuthorization.equals(given)) {
            response.setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Basic realm=\"test\"")
                    .end();
        } else if (request.path().equals("/v2/")) {
            response.end();
        } else if (blob == null) {
            response.setStatusCode(404).end("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"unknown\"}]}");
        } else {
            response.putHeader("Content-Type", types.get(request.path())).end(Buffer.buffer(blob));
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
