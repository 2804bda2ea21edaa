package io.memorymachine.restore.admission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.zjsonpatch.JsonPatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.kubernetes.RestorePlans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of every kind of pod. A case {@code admission/NAME.json} holds the pod, the armed plan if there is one and what
 * the registry says; {@code NAME.golden.json} the pod that comes of it and the warnings. With {@code -Dmm.golden.write=true}
 * the golden files are written instead of compared.
 */
@EnableKubernetesMockClient(crud = true)
class AdmissionGoldenTest {
    private static final Path CASES = Path.of("src/test/resources/admission");
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

    KubernetesClient client;

    private final ObjectMapper json = new ObjectMapper()
            .findAndRegisterModules()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    @ParameterizedTest
    @MethodSource("cases")
    void becomesWhatTheGoldenFileSays(String name) throws IOException {
        JsonNode given = json.readTree(CASES.resolve(name + ".json").toFile());
        Admission admission = admission(given);

        JsonNode response = admission.review(review(given.get("pod"))).get("response");

        assertThat(response.get("allowed").asBoolean()).isTrue();
        assertThat(response.get("uid").asText()).isEqualTo("review-1");
        ObjectNode outcome = json.createObjectNode();
        outcome.set(
                "warnings",
                response.path("warnings").isMissingNode() ? json.createArrayNode() : response.get("warnings"));
        JsonNode pod = patched(given.get("pod"), response);
        outcome.set("pod", pod);
        Path golden = CASES.resolve(name + ".golden.json");
        if (Boolean.getBoolean("mm.golden.write")) {
            Files.writeString(golden, json.writeValueAsString(json.treeToValue(outcome, Map.class)) + "\n");
        }
        assertThat((JsonNode) outcome).isEqualTo(json.readTree(golden.toFile()));
        assertThat(admission.review(review(pod)).get("response").has("patch"))
                .as("injected again, it stays as it is")
                .isFalse();
    }

    static Stream<String> cases() throws IOException {
        return names(".json").stream().filter(name -> !name.endsWith(".golden"));
    }

    @Test
    void eachGoldenFileBelongsToACase() throws IOException {
        assertThat(names(".golden.json")).isEqualTo(new TreeSet<>(cases().toList()));
    }

    private static Set<String> names(String end) throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            Set<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(end))
                    .forEach(file -> names.add(file.substring(0, file.length() - end.length())));
            return names;
        }
    }

    @Test
    void whatIsNoReviewOfAPodIsRefused() throws IOException {
        Admission admission = admission(json.createObjectNode());
        JsonNode pod = json.readTree(CASES.resolve("placeholder.json").toFile()).get("pod");
        for (String field : List.of("apiVersion", "kind", "request")) {
            ObjectNode review = review(pod);
            review.remove(field);
            assertInvalid(admission, review);
        }
        ObjectNode ofAService = review(((ObjectNode) pod.deepCopy()).put("kind", "Service"));
        assertInvalid(admission, ofAService);
        assertInvalid(admission, json.createArrayNode());
    }

    private static void assertInvalid(Admission admission, JsonNode review) {
        assertThatThrownBy(() -> admission.review(review))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FailureReason.INVALID_REQUEST));
    }

    private ObjectNode review(JsonNode pod) {
        ObjectNode review =
                json.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        review.putObject("request")
                .put("uid", "review-1")
                .put("namespace", "demo")
                .set("object", pod);
        return review;
    }

    private JsonNode patched(JsonNode pod, JsonNode response) throws IOException {
        if (!response.has("patch")) {
            return pod;
        }
        assertThat(response.get("patchType").asText()).isEqualTo("JSONPatch");
        String patch =
                new String(Base64.getDecoder().decode(response.get("patch").asText()), StandardCharsets.UTF_8);
        return JsonPatch.apply(json.readTree(patch), pod);
    }

    private Admission admission(JsonNode given) {
        if (given.has("plan")) {
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace("memverge")
                            .withName("restore-plan.demo.hz")
                            .endMetadata()
                            .addToData("plan.json", given.get("plan").toString())
                            .build())
                    .create();
        }
        ImageConfigs images = (namespace, pod, image) -> {
            if (given.has("unresolved")) {
                throw new UnresolvedImageException(given.get("unresolved").asText(), null);
            }
            assertThat(given.has("image")).as("the registry need not be asked").isTrue();
            return json.convertValue(given.get("image"), Entrypoint.class);
        };
        JsonNode selinux = given.path("selinux");
        return new Admission(
                new PodInjector(images, new Settings(selinux), json),
                new RestorePlans(client, "memverge", json),
                json,
                NOON);
    }

    private record Settings(JsonNode selinux) implements InjectionConfig {
        @Override
        public String pmemPath() {
            return "/var/lib/memory-machine/pmem/live";
        }

        @Override
        public String binPath() {
            return "/var/lib/memory-machine/bin";
        }

        @Override
        public Optional<String> selinuxType() {
            return Optional.ofNullable(selinux.path("type").textValue());
        }

        @Override
        public Optional<String> selinuxLevel() {
            return Optional.ofNullable(selinux.path("level").textValue());
        }

        @Override
        public boolean insecureRegistries() {
            return false;
        }
    }
}
