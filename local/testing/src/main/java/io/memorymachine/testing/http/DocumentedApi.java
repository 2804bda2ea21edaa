package io.memorymachine.testing.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quarkus.test.common.http.TestHTTPResource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service's OpenAPI document is kept in {@code docs/openapi}, where clients are checked against it: whoever changes the API
 * sees it in the change. {@code -Dopenapi.update=true} writes it anew.
 */
public abstract class DocumentedApi {
    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @TestHTTPResource("/q/openapi?format=json")
    URI document;

    /** The name of the service's module. */
    protected abstract String module();

    @Test
    void theServiceServesTheDocumentThatIsKept() throws IOException, InterruptedException {
        HttpResponse<String> served = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(document).build(), HttpResponse.BodyHandlers.ofString());
        JsonNode now = json.readTree(served.body());

        Path kept = Path.of("..", "docs", "openapi", module() + ".json");
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(kept, json.writeValueAsString(now) + "\n");
        }

        assertThat(now).isEqualTo(json.readTree(kept.toFile()));
    }
}
