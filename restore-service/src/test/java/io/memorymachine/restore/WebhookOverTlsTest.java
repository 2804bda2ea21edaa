package io.memorymachine.restore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.TlsMaterial;

import static org.assertj.core.api.Assertions.assertThat;

/** The webhook as the manifests configure it: with the profile tls and a folder that holds its certificate. */
@RealBacking
@TestProfile(WebhookOverTlsTest.WithCertificate.class)
class WebhookOverTlsTest {
    private static final String PASSWORD = "store-password";
    private static final String REVIEW = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u-1",
             "operation": "CREATE", "namespace": "demo", "object": {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "any", "namespace": "demo"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}}}
            """;

    @TestHTTPResource(value = "/admission/pods", tls = true)
    URI webhook;

    @ConfigProperty(name = "test.webhook.trusted")
    Path trusted;

    @Test
    void whoTrustsItsCertificateReachesItOverTls() throws Exception {
        HttpClient apiServer = HttpClient.newBuilder().sslContext(trusting()).build();

        HttpResponse<String> answer = apiServer.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + webhook.getPort() + webhook.getPath()))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(REVIEW))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        // Not "Ask over TLS": the tests' platform has no pods, which is asked only then.
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("There are no pods here");
    }

    private SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(trusted)) {
            store.load(file, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** A certificate like that of scripts/install.sh. */
    public static final class WithCertificate implements QuarkusTestProfile {
        @Override
        public String getConfigProfile() {
            return "test,tls";
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path folder = Files.createTempDirectory("mm-webhook-tls-");
                TlsMaterial tls = TlsMaterial.make(folder, PASSWORD, "nobody", "nothing");
                Files.copy(tls.certificate(), folder.resolve("tls.crt"));
                Files.copy(tls.key(), folder.resolve("tls.key"));
                return Map.of(
                        "mm.webhook.certificate-folder",
                        folder.toString(),
                        "quarkus.http.test-ssl-port",
                        "0",
                        "test.webhook.trusted",
                        tls.store().toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
