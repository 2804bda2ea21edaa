package io.memorymachine.platform.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetOrdinals;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What could not be restored is refused before anything is done, and says what is to be changed. */
class UnsuitableWorkloadsTest {
    private final FaultyApiServer api = new FaultyApiServer();
    private final KubernetesClient client = api.client();
    private final KubernetesPlatform platform = new KubernetesPlatform(
            client,
            new TestSettings(Duration.ofSeconds(2), Duration.ofMinutes(5)),
            new ObjectMapper().findAndRegisterModules(),
            Clock.systemUTC(),
            name -> List.of());

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statefulSets")
    void refused(String message, Consumer<StatefulSet> change) {
        Hz.deploy(client, change);

        assertRefused(message);
        assertThat(platform.list()).as("is not listed").isEmpty();
    }

    static Stream<Arguments> statefulSets() {
        return Stream.of(
                set(
                        "inject-env",
                        set -> set.getSpec().getTemplate().getMetadata().setAnnotations(null)),
                set(
                        "inject-env",
                        set -> set.getSpec().getTemplate().getMetadata().setAnnotations(Map.of(Marks.INJECT, "no"))),
                set(
                        "no container 'db'",
                        set -> set.getSpec()
                                .getTemplate()
                                .getMetadata()
                                .setAnnotations(Map.of(Marks.INJECT, "yes", Marks.CONTAINER, "db"))),
                set("set serviceName", set -> set.getSpec().setServiceName(null)),
                set("make the Service other", set -> set.getSpec().setServiceName("other")),
                set("start at 1", set -> set.getSpec().setOrdinals(new StatefulSetOrdinals(1))),
                set("how large its heap", set -> {
                    var container = set.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0);
                    container.setCommand(List.of("java", "Main"));
                    container.setResources(new ResourceRequirements());
                }));
    }

    private static Arguments set(String message, Consumer<StatefulSet> change) {
        return arguments(message, change);
    }

    @Test
    void anUnlabelledNamespaceIsRefused() {
        Hz.deploy(client, set -> {});
        client.namespaces().withName("demo").edit(namespace -> {
            namespace.getMetadata().setLabels(Map.of());
            return namespace;
        });

        assertRefused("kubectl label namespace demo memverge=enabled");
    }

    @Test
    void aServiceThatGivesPodsNoNamesIsRefused() {
        Hz.deploy(client, set -> {});
        editService(service -> service.getSpec().setClusterIP("10.0.0.1"));

        assertRefused("not headless");
    }

    @Test
    void aServiceThatHidesPodsThatAreNotReadyIsRefusedWhereThereIsAReadinessProbe() {
        Hz.deploy(client, set -> {});
        editService(service -> service.getSpec().setPublishNotReadyAddresses(false));

        assertRefused("publishNotReadyAddresses: true");
    }

    @Test
    void withoutAReadinessProbeItMayHideThem() {
        Hz.deploy(
                client,
                set -> set.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .setReadinessProbe(null));
        editService(service -> service.getSpec().setPublishNotReadyAddresses(false));

        assertThat(platform.find(Hz.REF).members()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> platform.find(new WorkloadRef("demo", "nobody")))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        missing -> assertThat(missing.reason()).isEqualTo(FailureReason.WORKLOAD_NOT_FOUND));
    }

    private void editService(Consumer<Service> change) {
        client.services().inNamespace("demo").withName("hz").edit(service -> {
            change.accept(service);
            return service;
        });
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> platform.find(Hz.REF))
                .isInstanceOfSatisfying(OperationFailedException.class, unfit -> {
                    assertThat(unfit.reason()).isEqualTo(FailureReason.WORKLOAD_NOT_SUITABLE);
                    assertThat(unfit).hasMessageContaining(message);
                });
    }
}
