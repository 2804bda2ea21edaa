package io.memorymachine.platform.kubernetes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;

/** Reads pods as members. */
public final class MemberPods {
    private MemberPods() {}

    /** The pods of a StatefulSet, as the API server has them now, in the order of their ordinals. */
    static List<Pod> of(KubernetesClient client, StatefulSet set) {
        return client
                .pods()
                .inNamespace(set.getMetadata().getNamespace())
                .withLabelSelector(set.getSpec().getSelector())
                .list()
                .getItems()
                .stream()
                .filter(pod -> belongs(pod, set))
                .sorted(Comparator.comparingInt(pod -> ordinal(pod).orElse(-1)))
                .toList();
    }

    /** Whether the StatefulSet made the pod: labels alone can be given to any pod. */
    static boolean belongs(Pod pod, StatefulSet set) {
        return pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                                && owner.getUid().equals(set.getMetadata().getUid()))
                && ordinal(pod).isPresent();
    }

    /** The workload whose StatefulSet made a pod; empty where none did. */
    public static Optional<WorkloadRef> workload(Pod pod, String namespace) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController())
                        && owner.getKind().equals("StatefulSet")
                        && owner.getApiVersion().equals("apps/v1"))
                .findFirst()
                .map(owner -> new WorkloadRef(namespace, owner.getName()));
    }

    /** The number at the end of a StatefulSet's pod's name. */
    public static OptionalInt ordinal(Pod pod) {
        String name = pod.getMetadata().getName();
        if (name == null || !name.matches(".+-(0|[1-9][0-9]{0,8})")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)));
    }

    static Optional<String> annotation(Pod pod, String name) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(name));
    }

    static Optional<String> label(Pod pod, String name) {
        return Optional.ofNullable(pod.getMetadata().getLabels()).map(all -> all.get(name));
    }

    static boolean isOf(Pod pod, String operation) {
        return annotation(pod, Marks.OPERATION).filter(operation::equals).isPresent();
    }

    /** Whether it is being deleted or has ended for good: it will never be a member again. */
    static boolean isGoing(Pod pod) {
        String phase =
                pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase());
        return pod.getMetadata().getDeletionTimestamp() != null || phase.equals("Failed") || phase.equals("Succeeded");
    }

    /** The status of the container that is the member; empty where the pod was not injected or has not begun. */
    static Optional<ContainerStatus> container(Pod pod) {
        return annotation(pod, Marks.INJECTED)
                .flatMap(name -> pod.getStatus() == null
                        ? Optional.empty()
                        : pod.getStatus().getContainerStatuses().stream()
                                .filter(status -> status.getName().equals(name))
                                .findFirst());
    }

    static Optional<Incarnation> incarnation(Pod pod) {
        return container(pod)
                .filter(status -> status.getState() != null && status.getState().getRunning() != null)
                .map(status -> Incarnation.of(pod.getMetadata().getUid(), status.getContainerID()));
    }

    /** The member as it runs now; empty where its container does not run or has no address. */
    static Optional<MemberPlacement> placement(Pod pod, WorkloadRef workload, String service) {
        Optional<Incarnation> incarnation = isGoing(pod) ? Optional.empty() : incarnation(pod);
        if (incarnation.isEmpty()
                || pod.getStatus().getPodIP() == null
                || ordinal(pod).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MemberPlacement(
                new MemberRef(workload, ordinal(pod).getAsInt()),
                pod.getSpec().getNodeName(),
                incarnation.get().toString(),
                pod.getStatus().getPodIP(),
                pod.getMetadata().getName() + "." + service,
                container(pod).map(status -> digest(status.getImageID())).orElse(null)));
    }

    /** {@code docker.io/hazelcast/hazelcast@sha256:...} as most runtimes have it, or the digest alone. */
    static String digest(String imageId) {
        int at = imageId == null ? -1 : imageId.indexOf("sha256:");
        return at < 0 ? null : imageId.substring(at);
    }

    /** Why a pod does not run yet, in the words of whoever holds it up. */
    static String state(Pod pod) {
        if (pod.getStatus() == null) {
            return "not looked at yet";
        }
        Optional<String> unscheduled = pod.getStatus().getConditions().stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(condition -> condition.getReason() + " " + condition.getMessage())
                .findFirst();
        Optional<String> waiting = pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason() + " "
                        + Optional.ofNullable(status.getState().getWaiting().getMessage())
                                .orElse(""))
                .findFirst();
        String going = pod.getMetadata().getDeletionTimestamp() == null
                ? ""
                : " and is still being deleted on node " + pod.getSpec().getNodeName();
        return (pod.getStatus().getPhase() + going + " "
                        + unscheduled.or(() -> waiting).orElse(""))
                .strip();
    }

    /** The name of the StatefulSet's Service, as the StatefulSet's controller writes it into each pod. */
    static String subdomain(Pod pod) {
        return pod.getSpec().getSubdomain() == null ? "" : pod.getSpec().getSubdomain();
    }
}
