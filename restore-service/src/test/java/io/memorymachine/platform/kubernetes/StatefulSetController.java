package io.memorymachine.platform.kubernetes;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.zjsonpatch.JsonPatch;

import io.memorymachine.restore.admission.Admission;

/**
 * What the controller of StatefulSets, the API server's admission chain and the kubelets do with pods: makes those that are
 * missing, in order, lets the webhook see them, and runs them. A test decides how well it does that.
 */
final class StatefulSetController implements Watcher<Pod>, AutoCloseable {
    private final KubernetesClient client;
    private final Admission admission;
    private final ObjectMapper json;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicInteger incarnations = new AtomicInteger();
    private final Watch watch;
    private volatile Behaviour behaviour = Behaviour.WORKS;
    private volatile boolean ordered;

    /** How well it works. */
    enum Behaviour {
        WORKS,
        /** Makes no pods. */
        REFUSES,
        /** Makes pods that no node takes. */
        UNSCHEDULABLE,
        /** Makes pods that do not pass the webhook. */
        AVOIDS_THE_WEBHOOK
    }

    StatefulSetController(KubernetesClient client, Admission admission, ObjectMapper json) {
        this.client = client;
        this.admission = admission;
        this.json = json;
        this.watch = client.pods().inAnyNamespace().watch(this);
    }

    void behaves(Behaviour next) {
        behaviour = next;
        thread.execute(this::reconcile);
    }

    /** One pod after the other, each only when the one before runs (OrderedReady). */
    void worksInOrder() {
        ordered = true;
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
        if (action == Action.DELETED || ordered) {
            try {
                thread.execute(this::reconcile);
            } catch (RejectedExecutionException closed) {
                return;
            }
        }
    }

    @Override
    public void onClose(WatcherException cause) {}

    /** Makes what is missing. */
    void reconcile() {
        if (behaviour == Behaviour.REFUSES) {
            return;
        }
        for (StatefulSet set :
                client.apps().statefulSets().inAnyNamespace().list().getItems()) {
            for (int ordinal = 0; ordinal < set.getSpec().getReplicas(); ordinal++) {
                String name = set.getMetadata().getName() + "-" + ordinal;
                Pod present = client.pods()
                        .inNamespace(set.getMetadata().getNamespace())
                        .withName(name)
                        .get();
                if (present == null) {
                    create(set, name);
                    if (ordered) {
                        return;
                    }
                }
            }
        }
    }

    private void create(StatefulSet set, String name) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(set.getMetadata().getNamespace())
                .withUid(UUID.randomUUID().toString())
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .withAnnotations(set.getSpec().getTemplate().getMetadata().getAnnotations())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("StatefulSet")
                        .withName(set.getMetadata().getName())
                        .withUid(set.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .editSpec()
                .withSubdomain(set.getSpec().getServiceName())
                .endSpec()
                .build();
        Pod admitted = behaviour == Behaviour.AVOIDS_THE_WEBHOOK ? pod : admitted(pod);
        boolean runs = behaviour != Behaviour.UNSCHEDULABLE;
        client.resource(new PodBuilder(admitted)
                        .editSpec()
                        .withNodeName(runs ? node(admitted) : null)
                        .endSpec()
                        .withStatus(runs ? running(admitted) : unscheduled())
                        .build())
                .create();
    }

    private Pod admitted(Pod pod) {
        try {
            JsonNode before = json.readTree(io.fabric8.kubernetes.client.utils.Serialization.asJson(pod));
            JsonNode review = json.valueToTree(Map.of(
                    "apiVersion",
                    "admission.k8s.io/v1",
                    "kind",
                    "AdmissionReview",
                    "request",
                    Map.of("uid", "1", "namespace", pod.getMetadata().getNamespace(), "object", before)));
            JsonNode response = admission.review(review).path("response");
            if (!response.has("patch")) {
                return pod;
            }
            JsonNode patch = json.readTree(
                    new String(Base64.getDecoder().decode(response.get("patch").asText())));
            return io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                    JsonPatch.apply(patch, before).toString(), Pod.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the scheduler would: where the pod must run, or else on the first node. */
    private static String node(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getAffinity())
                .map(affinity -> affinity.getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms()
                        .get(0)
                        .getMatchFields()
                        .get(0)
                        .getValues()
                        .get(0))
                .orElse("node-a");
    }

    private PodStatus running(Pod pod) {
        int incarnation = incarnations.incrementAndGet();
        return new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP("10.1.0." + incarnation)
                .withContainerStatuses(pod.getSpec().getContainers().stream()
                        .map(container -> new ContainerStatusBuilder()
                                .withName(container.getName())
                                .withContainerID("containerd://" + "%064x".formatted(incarnation))
                                .withImageID("docker.io/hazelcast/hazelcast@sha256:abc")
                                .withNewState()
                                .withNewRunning()
                                .endRunning()
                                .endState()
                                .build())
                        .toList())
                .build();
    }

    private static PodStatus unscheduled() {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .withConditions(new PodConditionBuilder()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withReason("Unschedulable")
                        .withMessage("0/1 nodes are available")
                        .build())
                .build();
    }

    @Override
    public void close() {
        watch.close();
        thread.shutdownNow();
    }
}
