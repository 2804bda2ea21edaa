package io.memorymachine.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The manifests as kustomize renders them. Where kubectl is on the path they are rendered anew and compared, or with {@code
 * -Dmm.golden.write=true} written.
 */
class ManifestsTest {
    /** What users, operators and the install script make. */
    private static final Set<String> MADE_ELSEWHERE = Set.of(
            "ConfigMap memory-machine-license-keys",
            "Secret memory-machine-db-license",
            "Secret memory-machine-db-snapshot",
            "Secret memory-machine-db-restore",
            "Secret memory-machine-db-pmem",
            "Secret memory-machine-db-ca",
            "Secret memory-machine-cluster-ca-cert",
            "Secret memory-machine",
            "Secret restore-service-tls");

    static Stream<Manifests> manifests() throws IOException {
        return Manifests.all();
    }

    static Stream<Manifests> overlays() throws IOException {
        return Manifests.all().filter(manifests -> manifests.name().startsWith("overlays."));
    }

    @Test
    void everyKustomizationIsRendered() throws IOException {
        assertThat(Manifests.names()).isEqualTo(Manifests.sources());
    }

    @ParameterizedTest
    @MethodSource("names")
    void theRenderingIsThatOfTheSources(String name) throws Exception {
        assumeTrue(hasKubectl(), "kubectl is not on the path");
        String rendered = kubectl("kustomize", Manifests.source(name).toString());
        if (Boolean.getBoolean("mm.golden.write")) {
            Manifests.write(name, rendered);
        }
        assertThat(rendered).isEqualTo(Manifests.text(name));
    }

    static Set<String> names() throws IOException {
        return Manifests.sources();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void noFieldIsUnknownToItsType(Manifests manifests) {
        assertThat(manifests.ofKubernetes().toList())
                .isNotEmpty()
                .allSatisfy(object -> assertThat(Typed.unknownFields(object))
                        .as(object.getKind() + " " + object.getMetadata().getName())
                        .isEmpty());
    }

    @Test
    void anUnknownFieldWouldBeFound() {
        Service misspelt = new io.fabric8.kubernetes.client.utils.KubernetesSerialization()
                .unmarshal(
                        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"ports\": [{\"prot\": 1}]}}",
                        Service.class);

        assertThat(Typed.unknownFields(misspelt)).containsExactly(".spec.ports[0].prot");
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void selectorsSelectTheirPods(Manifests manifests) {
        manifests
                .all(Service.class)
                .forEach(service -> assertThat(manifests.pods())
                        .as(service.getMetadata().getName())
                        .anyMatch(pods -> labels(pods)
                                .entrySet()
                                .containsAll(service.getSpec().getSelector().entrySet())));
        manifests
                .all(PodDisruptionBudget.class)
                .forEach(budget ->
                        assertSelects(manifests, budget, budget.getSpec().getSelector()));
        manifests
                .all(NetworkPolicy.class)
                .forEach(policy ->
                        assertSelects(manifests, policy, policy.getSpec().getPodSelector()));
        manifests
                .all(Deployment.class)
                .forEach(deployment -> assertThat(
                                deployment.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels()));
        manifests
                .all(DaemonSet.class)
                .forEach(set -> assertThat(
                                set.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels()));
    }

    private static void assertSelects(Manifests manifests, HasMetadata object, LabelSelector selector) {
        assertThat(manifests.pods())
                .as(object.getMetadata().getName())
                .anyMatch(pods -> selects(selector, labels(pods)));
    }

    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        boolean named = selector.getMatchLabels() == null
                || labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
        return named
                && selector.getMatchExpressions().stream()
                        .allMatch(term -> term.getValues().contains(labels.get(term.getKey())));
    }

    private static Map<String, String> labels(Manifests.Pods pods) {
        return pods.template().getMetadata().getLabels();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void whatPodsReferToIsThere(Manifests manifests) {
        for (Manifests.Pods pods : manifests.pods()) {
            List<String> wanted = new ArrayList<>();
            pods.template().getSpec().getVolumes().forEach(volume -> wanted.addAll(references(volume)));
            pods.containers().forEach(container -> wanted.addAll(references(container)));
            String account = pods.template().getSpec().getServiceAccountName();
            if (account != null) {
                wanted.add("ServiceAccount " + account);
            }
            for (String object : wanted) {
                String[] kindAndName = object.split(" ");
                assertThat(MADE_ELSEWHERE.contains(object) || manifests.has(kindAndName[0], kindAndName[1]))
                        .as(pods.owner().getMetadata().getName() + " needs " + object)
                        .isTrue();
            }
        }
    }

    private static List<String> references(Volume volume) {
        List<String> names = new ArrayList<>();
        if (volume.getSecret() != null
                && !Boolean.TRUE.equals(volume.getSecret().getOptional())) {
            names.add("Secret " + volume.getSecret().getSecretName());
        }
        if (volume.getConfigMap() != null
                && !Boolean.TRUE.equals(volume.getConfigMap().getOptional())) {
            names.add("ConfigMap " + volume.getConfigMap().getName());
        }
        return names;
    }

    private static List<String> references(Container container) {
        List<String> names = new ArrayList<>();
        container.getEnvFrom().forEach(source -> {
            if (source.getConfigMapRef() != null) {
                names.add("ConfigMap " + source.getConfigMapRef().getName());
            } else if (!Boolean.TRUE.equals(source.getSecretRef().getOptional())) {
                names.add("Secret " + source.getSecretRef().getName());
            }
        });
        container.getEnv().stream()
                .map(EnvVar::getValueFrom)
                .filter(source -> source != null)
                .forEach(source -> {
                    if (source.getSecretKeyRef() != null) {
                        names.add("Secret " + source.getSecretKeyRef().getName());
                    } else if (source.getConfigMapKeyRef() != null) {
                        names.add("ConfigMap " + source.getConfigMapKeyRef().getName());
                    }
                });
        return names;
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void everyContainerIsBoundedAndNamesAVersion(Manifests manifests) {
        manifests
                .pods()
                .forEach(pods -> pods.containers().forEach(container -> {
                    assertThat(container.getResources().getRequests())
                            .as(container.getName())
                            .containsKeys("cpu", "memory");
                    assertThat(container.getResources().getLimits())
                            .as(container.getName())
                            .containsKey("memory");
                    assertThat(container.getImage()).as(container.getName()).matches(".+/.+:[0-9].*");
                }));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void servicesAreProbedAndOnlyTheNodesPartIsPrivileged(Manifests manifests) {
        for (Manifests.Pods pods : manifests.pods()) {
            Container container = pods.template().getSpec().getContainers().get(0);
            assertThat(container.getLivenessProbe()).isNotNull();
            assertThat(container.getReadinessProbe()).isNotNull();
            assertThat(container.getStartupProbe()).isNotNull();
            boolean ofTheNode = pods.owner() instanceof DaemonSet;
            assertThat(Boolean.TRUE.equals(container.getSecurityContext().getPrivileged()))
                    .as(container.getName())
                    .isEqualTo(ofTheNode);
            if (!ofTheNode) {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(pods.template().getSpec().getSecurityContext().getRunAsNonRoot())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noRightIsWiderThanItsNeed(Manifests manifests) {
        Stream.concat(
                        manifests.all(ClusterRole.class).flatMap(role -> role.getRules().stream()),
                        manifests.all(Role.class).flatMap(role -> role.getRules().stream()))
                .forEach(rule -> assertThat(words(rule)).doesNotContain("*"));
        assertThat(manifests
                        .all(ClusterRoleBinding.class)
                        .flatMap(binding -> rules(manifests, binding.getRoleRef()).stream()))
                .as("what is bound in the whole cluster")
                .noneMatch(rule -> rule.getResources().contains("secrets"))
                .noneMatch(rule -> rule.getResources().contains("pods")
                        && rule.getVerbs().stream().anyMatch(Set.of("create", "update", "patch")::contains))
                .noneMatch(rule -> rule.getResources().stream().anyMatch(resource -> resource.startsWith("pods/")));
    }

    private static List<String> words(PolicyRule rule) {
        return Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs())
                .flatMap(List::stream)
                .toList();
    }

    private static List<PolicyRule> rules(Manifests manifests, RoleRef reference) {
        return manifests
                .all(ClusterRole.class)
                .filter(role -> role.getMetadata().getName().equals(reference.getName()))
                .findFirst()
                .orElseThrow()
                .getRules();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void bindingsBindWhatThereIs(Manifests manifests) {
        manifests
                .all(RoleBinding.class)
                .filter(binding -> !binding.getRoleRef().getName().startsWith("system:"))
                .forEach(binding -> assertThat(manifests.has(
                                binding.getRoleRef().getKind(),
                                binding.getRoleRef().getName()))
                        .as(binding.getMetadata().getName())
                        .isTrue());
        Stream.concat(
                        manifests.all(RoleBinding.class).flatMap(binding -> binding.getSubjects().stream()),
                        manifests.all(ClusterRoleBinding.class).flatMap(binding -> binding.getSubjects().stream()))
                .forEach(subject -> {
                    assertThat(manifests.has("ServiceAccount", subject.getName()))
                            .isTrue();
                    assertThat(subject.getNamespace()).isEqualTo("memverge");
                });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theWebhookReachesNothingButAnnotatedPodsOfLabelledNamespaces(Manifests manifests) {
        var webhook = manifests
                .all(MutatingWebhookConfiguration.class)
                .findFirst()
                .orElseThrow()
                .getWebhooks()
                .get(0);
        assertThat(webhook.getFailurePolicy()).isEqualTo("Fail");
        assertThat(webhook.getNamespaceSelector().getMatchLabels()).isEqualTo(Map.of("memverge", "enabled"));
        assertThat(webhook.getMatchConditions())
                .singleElement()
                .satisfies(condition ->
                        assertThat(condition.getExpression()).contains("memory-machine.memverge.com/inject-env"));
        assertThat(webhook.getRules()).singleElement().satisfies(rule -> {
            assertThat(rule.getResources()).containsExactly("pods");
            assertThat(rule.getOperations()).containsExactly("CREATE");
        });
        assertThat(manifests.has(
                        "Service", webhook.getClientConfig().getService().getName()))
                .isTrue();
    }

    private static boolean hasKubectl() {
        try {
            return new ProcessBuilder("kubectl", "kustomize", "--help")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output;
    }
}
