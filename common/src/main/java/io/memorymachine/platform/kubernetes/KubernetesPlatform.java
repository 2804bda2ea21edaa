package io.memorymachine.platform.kubernetes;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

import static io.memorymachine.platform.kubernetes.KubernetesFailures.translated;

/** The platform port over StatefulSets. */
public final class KubernetesPlatform implements WorkloadPlatform {
    private final KubernetesClient client;
    private final WorkloadReader workloads;
    private final RestorePlans plans;
    private final FilledPlaceholders filled;
    private final Recreation recreation;
    private final NameServers names;
    private final KubernetesConfig config;

    /** The platform of a cluster. */
    public KubernetesPlatform(KubernetesClient client, KubernetesConfig config, ObjectMapper json, Clock clock) {
        this(client, config, json, clock, new ClusterNameServers(client, config.dnsService()));
    }

    KubernetesPlatform(
            KubernetesClient client, KubernetesConfig config, ObjectMapper json, Clock clock, NameServers names) {
        this.client = client;
        this.config = config;
        this.names = names;
        this.workloads = new WorkloadReader(client);
        this.plans = new RestorePlans(client, config.namespace(), json);
        this.filled = new FilledPlaceholders(client, config.namespace());
        this.recreation = new Recreation(client, plans, config, clock);
    }

    /** The plans that it arms, for the webhook. */
    public RestorePlans plans() {
        return plans;
    }

    @Override
    public Workload find(WorkloadRef ref) {
        return translated(FailureReason.WORKLOAD_NOT_FOUND, ref + " cannot be read", () -> workloads.find(ref));
    }

    @Override
    public List<Workload> list() {
        return translated(FailureReason.UNAVAILABLE, "The workloads cannot be listed", workloads::list);
    }

    @Override
    public Recreated recreate(WorkloadRef ref, String operation, MemberStart start, Map<Integer, String> nodes) {
        return translated(FailureReason.RECREATE_FAILED, ref + " cannot be recreated", () -> {
            StatefulSet set = workloads.require(ref);
            Set<Integer> all =
                    IntStream.range(0, WorkloadReader.replicas(set)).boxed().collect(Collectors.toSet());
            return recreation.run(set, operation, start, all, nodes);
        });
    }

    /** Notes are read before pods are: one whose pod is not found afterwards belongs to a pod that is gone. */
    @Override
    public List<Placeholder> placeholders() {
        return translated(FailureReason.UNAVAILABLE, "Placeholders cannot be looked for", () -> {
            Map<String, String> notes = filled.all();
            List<Pod> pods = client.pods()
                    .inAnyNamespace()
                    .withLabel(Marks.MEMBER, Marks.YES)
                    .list()
                    .getItems();
            forgetGone(notes, pods);
            return pods.stream()
                    .filter(pod -> MemberPods.label(pod, Marks.START)
                            .filter(Marks.PLACEHOLDER::equals)
                            .isPresent())
                    .filter(pod -> !isFilled(pod, notes))
                    .flatMap(pod -> placeholder(pod).stream())
                    .toList();
        });
    }

    private void forgetGone(Map<String, String> notes, List<Pod> pods) {
        Set<String> present =
                pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        filled.forget(
                notes.keySet().stream().filter(uid -> !present.contains(uid)).collect(Collectors.toSet()));
    }

    private static boolean isFilled(Pod pod, Map<String, String> notes) {
        return MemberPods.incarnation(pod)
                .filter(incarnation -> incarnation.containerId().equals(notes.get(incarnation.podUid())))
                .isPresent();
    }

    private static List<Placeholder> placeholder(Pod pod) {
        return MemberPods.workload(pod, pod.getMetadata().getNamespace())
                .flatMap(workload -> MemberPods.placement(pod, workload, MemberPods.subdomain(pod)))
                .map(member -> new Placeholder(
                        member, MemberPods.annotation(pod, Marks.OPERATION).orElse("")))
                .stream()
                .toList();
    }

    @Override
    public void startAfresh(WorkloadRef ref, List<MemberPlacement> members, String operation) {
        translated(FailureReason.RECREATE_FAILED, ref + " cannot be started afresh", () -> {
            StatefulSet set = workloads.require(ref);
            Map<String, String> notes = filled.all();
            Set<String> meant =
                    members.stream().map(MemberPlacement::incarnation).collect(Collectors.toSet());
            Set<Integer> waiting = MemberPods.of(client, set).stream()
                    .filter(pod -> !isFilled(pod, notes))
                    .filter(pod -> MemberPods.incarnation(pod)
                            .filter(incarnation -> meant.contains(incarnation.toString()))
                            .isPresent())
                    .map(pod -> MemberPods.ordinal(pod).getAsInt())
                    .collect(Collectors.toSet());
            return waiting.isEmpty()
                    ? null
                    : recreation.run(set, operation, MemberStart.APPLICATION, waiting, Map.of());
        });
    }

    /** Asks the name servers, which is what the members' resolvers do: a pod has no other source for another pod's name. */
    @Override
    public List<String> unresolvedNames(WorkloadRef ref, List<MemberPlacement> members) {
        return translated(FailureReason.UNAVAILABLE, "The members' names cannot be resolved", () -> {
            List<String> unresolved = new ArrayList<>();
            for (MemberPlacement member : members) {
                String full = member.dnsName() + "." + ref.namespace() + ".svc." + config.clusterDomain();
                for (NameServers.Answer answer : names.resolve(full)) {
                    if (!ofFamily(member.address(), answer.addresses()).equals(Set.of(member.address()))) {
                        unresolved.add(full + " is "
                                + (answer.addresses().isEmpty() ? "unknown" : answer.addresses()) + " to "
                                + answer.server() + " and should be " + member.address());
                    }
                }
            }
            return unresolved;
        });
    }

    /** A dual-stack Service names both addresses of a pod, and a member is known by one of them. */
    private static Set<String> ofFamily(String address, Set<String> addresses) {
        return addresses.stream()
                .filter(other -> other.contains(":") == address.contains(":"))
                .collect(Collectors.toSet());
    }
}
