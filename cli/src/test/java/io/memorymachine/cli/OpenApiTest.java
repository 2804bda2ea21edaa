package io.memorymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.client.Json;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command against the services' OpenAPI documents, which the services' own tests keep true: it asks for nothing that they
 * do not offer, and the answers that its other tests play are of the form that they promise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final List<String> SERVICES =
            List.of("license-service", "pmem-service", "snapshot-service", "restore-service");

    /** One command for each request that there is. */
    private static final List<String> COMMANDS = List.of(
            "usage",
            "list -n demo",
            "clustersnap list -n demo",
            "clustersnap create a -n demo --statefulset hz --profile-options --nopause --max-pause 5s --encrypt",
            "clustersnap create b -n demo --statefulset hz --dry-run",
            "clustersnap describe a",
            "clustersnap verify a",
            "clustersnap cancel a",
            "clustersnap restore a --name back --no-safety-snapshot",
            "clustersnap restore a --dry-run",
            "clustersnap restores -n demo",
            "clustersnap watch --restore back",
            "clustersnap cancel --restore back",
            "clustersnap delete a --yes",
            "license show",
            "license verify FILE",
            "license install FILE",
            "version");

    private final List<JsonNode> documents = new ArrayList<>();

    @BeforeAll
    void read() throws IOException {
        for (String service : SERVICES) {
            documents.add(Json.tree(Files.readString(Path.of("..", "docs", "openapi", service + ".json"))));
        }
    }

    @Test
    void everyRequestIsOneThatAServiceOffers(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("license"), "a license");
        Set<String> asked = new TreeSet<>();
        List<RecordedServices.Body> sent = new ArrayList<>();
        try (RecordedServices services = new RecordedServices(directory)) {
            COMMANDS.forEach(command ->
                    Run.of(directory, command.replace("FILE", file.toString()).split(" ")));
            asked.addAll(services.asked());
            sent.addAll(services.bodies());
        }

        assertThat(asked).hasSizeGreaterThan(15);
        for (String request : asked) {
            assertThat(operation(request.replaceFirst("\\?.*", "")).isMissingNode())
                    .as(request)
                    .isFalse();
            assertThat(documentedParameters(request)).as(request).containsAll(parameters(request));
        }
        for (RecordedServices.Body body : sent) {
            JsonNode schema = operation(body.request())
                    .path("requestBody")
                    .path("content")
                    .path("application/json")
                    .path("schema");
            assertThat(fields(resolved(schema).path("properties")))
                    .as(body.toString())
                    .containsAll(fields(body.json()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "usage.json, UsageReported",
        "members.json, MemberList",
        "license.json, LicenseView",
        "license-verified.json, VerificationView",
        "snapshots.json, Page",
        "snapshot-sealed.json, SnapshotView",
        "snapshot-failed.json, SnapshotView",
        "snapshot-plan.json, PlanView",
        "snapshot-plan-refused.json, PlanView",
        "snapshot-verified.json, VerificationView",
        "restore-completed.json, RestoreView",
        "restore-failed.json, RestoreView",
        "restore-plan.json, PlanView",
        "version.json, VersionView",
        "problem-workload-busy.json, Problem"
    })
    void aRecordedAnswerHasOnlyFieldsThatAreDocumented(String recorded, String schema) throws IOException {
        JsonNode answer = RecordedServices.recorded(recorded);

        assertThat(documents)
                .as("%s as a %s", recorded, schema)
                .anyMatch(document -> fits(answer, document.at("/components/schemas/" + schema), document));
    }

    /** Whether every field of an object, and of the objects in it, has a property in the schema. */
    private static boolean fits(JsonNode value, JsonNode given, JsonNode document) {
        JsonNode schema = within(given, document);
        if (value.isArray()) {
            for (JsonNode each : value) {
                if (!fits(each, schema.path("items"), document)) {
                    return false;
                }
            }
            return true;
        }
        if (!value.isObject()) {
            return true;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (property.isMissingNode() || !fits(field.getValue(), property, document)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode within(JsonNode schema, JsonNode document) {
        JsonNode one = schema;
        // A reference that may be null stands beside that in a list.
        for (JsonNode choice : schema.path("anyOf")) {
            one = choice.has("$ref") ? choice : one;
        }
        String reference = one.path("$ref").asText("");
        return reference.isEmpty() ? one : document.at(reference.substring(1));
    }

    private JsonNode resolved(JsonNode schema) {
        return documents.stream()
                .map(document -> within(schema, document))
                .filter(found -> found.has("properties"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no document describes " + schema));
    }

    private JsonNode operation(String request) {
        String method = request.replaceFirst(" .*", "").toLowerCase(Locale.ROOT);
        String path = request.replaceFirst("[A-Z]+ ", "");
        for (JsonNode document : documents) {
            for (Map.Entry<String, JsonNode> offered : document.path("paths").properties()) {
                if (path.matches(offered.getKey().replaceAll("\\{[a-z]+}", "[^/]+"))
                        && offered.getValue().has(method)) {
                    return offered.getValue().path(method);
                }
            }
        }
        return Json.object().path("nothing");
    }

    private Set<String> documentedParameters(String request) {
        Set<String> names = new TreeSet<>();
        operation(request.replaceFirst("\\?.*", ""))
                .path("parameters")
                .forEach(parameter -> names.add(parameter.path("name").asText()));
        return names;
    }

    private static Set<String> parameters(String request) {
        Set<String> names = new TreeSet<>();
        if (request.contains("?")) {
            for (String parameter : request.replaceFirst(".*\\?", "").split("&")) {
                names.add(parameter.replaceFirst("=.*", ""));
            }
        }
        return names;
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
