package io.memorymachine.platform.kubernetes;

import java.util.Map;
import java.util.function.Consumer;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.contract.workload.WorkloadRef;

/** A workload as the tutorial has it. */
final class Hz {
    static final WorkloadRef REF = new WorkloadRef("demo", "hz");
    static final String DIGEST = "sha256:abc";

    private Hz() {}

    static StatefulSet statefulSet() {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace("demo")
                .withName("hz")
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .withServiceName("hz")
                .withNewSelector()
                .withMatchLabels(Map.of("app", "hz"))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", "hz"))
                .withAnnotations(Map.of(Marks.INJECT, Marks.YES))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("hazelcast")
                .withImage("hazelcast/hazelcast:5.7.0")
                .withCommand("java", "-Xmx512m", "com.hazelcast.core.server.HazelcastMemberStarter")
                .withNewReadinessProbe()
                .withNewTcpSocket()
                .withNewPort(5701)
                .endTcpSocket()
                .endReadinessProbe()
                .withNewResources()
                .addToLimits("memory", new Quantity("1Gi"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("demo")
                .withName("hz")
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Map.of("app", "hz"))
                .endSpec()
                .build();
    }

    /** Makes all but the pods. */
    static void deploy(KubernetesClient client, Consumer<StatefulSet> change) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("demo")
                        .addToLabels(Marks.NAMESPACE, Marks.ENABLED)
                        .endMetadata()
                        .build())
                .create();
        client.resource(service()).create();
        StatefulSet set = statefulSet();
        change.accept(set);
        client.resource(set).create();
    }
}
