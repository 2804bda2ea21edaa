package io.memorymachine.platform.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;

/** Reads StatefulSets as workloads, and refuses those whose members could not be brought back. Changes nothing. */
final class WorkloadReader {
    private final KubernetesClient client;

    WorkloadReader(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The StatefulSet, whether it is fit for a restore or not.
     *
     * @throws OperationFailedException WORKLOAD_NOT_FOUND
     */
    StatefulSet require(WorkloadRef ref) {
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(ref.namespace())
                .withName(ref.name())
                .get();
        if (set == null) {
            throw new OperationFailedException(FailureReason.WORKLOAD_NOT_FOUND, "There is no StatefulSet " + ref);
        }
        return set;
    }

    /**
     * The workload as it is now.
     *
     * @throws OperationFailedException WORKLOAD_NOT_FOUND, WORKLOAD_NOT_SUITABLE with what is to be changed
     */
    Workload find(WorkloadRef ref) {
        StatefulSet set = require(ref);
        requireLabelled(ref);
        requireOrdinalsFromZero(ref, set);
        Container member = memberContainer(ref, set.getSpec().getTemplate());
        requireNames(ref, set, member);
        return describe(ref, set, member);
    }

    /** All that ask to be looked after, in labelled namespaces; those that are not fit are left out. */
    List<Workload> list() {
        Set<String> namespaces =
                client.namespaces().withLabel(Marks.NAMESPACE, Marks.ENABLED).list().getItems().stream()
                        .map(namespace -> namespace.getMetadata().getName())
                        .collect(Collectors.toSet());
        return client.apps().statefulSets().inAnyNamespace().list().getItems().stream()
                .filter(set -> namespaces.contains(set.getMetadata().getNamespace()) && asksForInjection(set))
                .map(set -> new WorkloadRef(
                        set.getMetadata().getNamespace(), set.getMetadata().getName()))
                .map(this::ifFit)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Workload> ifFit(WorkloadRef ref) {
        try {
            return Optional.of(find(ref));
        } catch (OperationFailedException unfit) {
            if (unfit.reason() == FailureReason.WORKLOAD_NOT_SUITABLE
                    || unfit.reason() == FailureReason.WORKLOAD_NOT_FOUND) {
                return Optional.empty();
            }
            throw unfit;
        }
    }

    private Workload describe(WorkloadRef ref, StatefulSet set, Container member) {
        List<Pod> pods = MemberPods.of(client, set);
        for (Pod pod : pods) {
            if (!MemberPods.isGoing(pod)
                    && MemberPods.annotation(pod, Marks.INJECTED).isEmpty()) {
                throw unfit(
                        ref,
                        "its pod " + pod.getMetadata().getName() + " was made without Memory Machine: delete it once"
                                + " restore-service runs, and look at the warnings of the new one");
            }
        }
        String service = set.getSpec().getServiceName();
        List<MemberPlacement> members = pods.stream()
                .map(pod -> MemberPods.placement(pod, ref, service))
                .flatMap(Optional::stream)
                .toList();
        long heap = HeapLimit.of(member)
                .orElseThrow(() -> unfit(
                        ref,
                        "how large its heap may grow cannot be told: set -Xmx in JAVA_TOOL_OPTIONS, JAVA_OPTS or the"
                                + " command, or a memory limit"));
        return new Workload(
                ref, service, replicas(set), members, heap, memoryLimit(member).orElse(null), digest(member, pods));
    }

    private static Optional<Long> memoryLimit(Container member) {
        return HeapLimit.memory(member).map(limit -> limit.getNumericalAmount().longValue());
    }

    static int replicas(StatefulSet set) {
        return set.getSpec().getReplicas() == null ? 1 : set.getSpec().getReplicas();
    }

    /**
     * What new pods will run. Where the image is named by a tag, what the running pods made of that tag; where they run
     * another image, that image's name, which is no digest and so differs from every snapshot's.
     */
    private static String digest(Container member, List<Pod> pods) {
        String image = member.getImage();
        if (image.contains("@sha256:")) {
            return MemberPods.digest(image);
        }
        boolean changed = pods.stream()
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .anyMatch(container -> container.getName().equals(member.getName())
                        && !container.getImage().equals(image));
        if (changed) {
            return image;
        }
        Set<String> digests = pods.stream()
                .map(MemberPods::container)
                .flatMap(Optional::stream)
                .map(status -> MemberPods.digest(status.getImageID()))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return digests.size() == 1 ? digests.iterator().next() : null;
    }

    private void requireLabelled(WorkloadRef ref) {
        Namespace namespace = client.namespaces().withName(ref.namespace()).get();
        Map<String, String> labels =
                namespace == null ? null : namespace.getMetadata().getLabels();
        if (labels == null || !Marks.ENABLED.equals(labels.get(Marks.NAMESPACE))) {
            throw unfit(
                    ref,
                    "its namespace does not have the label " + Marks.NAMESPACE + "=" + Marks.ENABLED
                            + ": kubectl label namespace " + ref.namespace() + " " + Marks.NAMESPACE + "="
                            + Marks.ENABLED);
        }
    }

    private static void requireOrdinalsFromZero(WorkloadRef ref, StatefulSet set) {
        if (set.getSpec().getOrdinals() != null
                && set.getSpec().getOrdinals().getStart() != null
                && set.getSpec().getOrdinals().getStart() != 0) {
            throw unfit(
                    ref, "its ordinals start at " + set.getSpec().getOrdinals().getStart() + " and not at 0");
        }
    }

    private static boolean asksForInjection(StatefulSet set) {
        PodTemplateSpec template = set.getSpec().getTemplate();
        return template.getMetadata() != null
                && template.getMetadata().getAnnotations() != null
                && Marks.YES.equals(template.getMetadata().getAnnotations().get(Marks.INJECT));
    }

    private static Container memberContainer(WorkloadRef ref, PodTemplateSpec template) {
        Map<String, String> annotations =
                template.getMetadata() == null || template.getMetadata().getAnnotations() == null
                        ? Map.of()
                        : template.getMetadata().getAnnotations();
        if (!Marks.YES.equals(annotations.get(Marks.INJECT))) {
            throw unfit(
                    ref, "its pod template does not have the annotation " + Marks.INJECT + ": \"" + Marks.YES + "\"");
        }
        List<Container> containers = template.getSpec().getContainers();
        String name = annotations.get(Marks.CONTAINER);
        return containers.stream()
                .filter(container -> name == null
                        ? containers.size() == 1
                        : container.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> unfit(
                        ref,
                        name == null
                                ? "its pods have several containers: name the member's with the annotation "
                                        + Marks.CONTAINER
                                : "its pods have no container '" + name + "', which the annotation " + Marks.CONTAINER
                                        + " names"));
    }

    private void requireNames(WorkloadRef ref, StatefulSet set, Container member) {
        String name = set.getSpec().getServiceName();
        Service service = name == null || name.isEmpty()
                ? null
                : client.services().inNamespace(ref.namespace()).withName(name).get();
        if (service == null) {
            throw unfit(
                    ref,
                    "it has no Service that gives its pods names"
                            + (name == null || name.isEmpty() ? ": set serviceName" : ": make the Service " + name));
        }
        if (!"None".equals(service.getSpec().getClusterIP())) {
            throw unfit(ref, "its Service " + name + " is not headless (clusterIP: None), so its pods have no names");
        }
        if (member.getReadinessProbe() != null
                && !Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses())) {
            throw unfit(
                    ref,
                    "it has a readiness probe, and its Service " + name + " hides the names of pods that are not ready:"
                            + " set publishNotReadyAddresses: true");
        }
    }

    private static OperationFailedException unfit(WorkloadRef ref, String why) {
        return new OperationFailedException(FailureReason.WORKLOAD_NOT_SUITABLE, ref + " cannot be restored: " + why);
    }
}
