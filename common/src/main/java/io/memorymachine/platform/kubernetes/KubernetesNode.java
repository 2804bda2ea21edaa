package io.memorymachine.platform.kubernetes;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;

import static io.memorymachine.platform.kubernetes.KubernetesFailures.translated;

/** One node of a cluster. It needs the host's PID namespace. */
public final class KubernetesNode implements NodePlatform {
    private final KubernetesClient client;
    private final String name;
    private final ContainerProcesses processes;
    private final FilledPlaceholders filled;

    /** @param name as the API server knows this node */
    public KubernetesNode(KubernetesClient client, KubernetesConfig config, String name) {
        this(client, config, name, Path.of("/proc"));
    }

    KubernetesNode(KubernetesClient client, KubernetesConfig config, String name, Path proc) {
        this.client = client;
        this.name = name;
        this.processes = new ContainerProcesses(proc);
        this.filled = new FilledPlaceholders(client, config.namespace());
    }

    @Override
    public String node() {
        return name;
    }

    /** Asks the API server only where the process is not found, for the reason. */
    @Override
    public long initPid(MemberPlacement member) {
        Incarnation wanted = Incarnation.parse(member.incarnation());
        return processes.init(wanted).orElseThrow(() -> notFound(member, wanted));
    }

    private OperationFailedException notFound(MemberPlacement member, Incarnation wanted) {
        Pod pod = translated(
                FailureReason.UNAVAILABLE,
                member.member() + " cannot be read",
                () -> client.pods()
                        .inNamespace(member.member().workload().namespace())
                        .withName(member.member().pod())
                        .get());
        Optional<Incarnation> present = pod == null ? Optional.empty() : MemberPods.incarnation(pod);
        return present.filter(now -> !now.equals(wanted))
                .map(now -> new OperationFailedException(
                        FailureReason.MEMBER_CHANGED, member.member() + " is " + now + " by now, not " + wanted))
                .orElseGet(() -> new OperationFailedException(
                        FailureReason.MEMBER_DOWN,
                        member.member() + " does not run on node " + name
                                + (pod == null ? ": there is no such pod" : ": its pod is " + MemberPods.state(pod))));
    }

    @Override
    public void filled(MemberPlacement member) {
        translated(FailureReason.UNAVAILABLE, member.member() + " cannot be noted as filled", () -> {
            filled.add(Incarnation.parse(member.incarnation()));
            return member;
        });
    }

    @Override
    public List<MemberPlacement> members() {
        return translated(
                FailureReason.UNAVAILABLE,
                "The pods of node " + name + " cannot be listed",
                () -> client
                        .pods()
                        .inAnyNamespace()
                        .withLabel(Marks.MEMBER, Marks.YES)
                        .withField("spec.nodeName", name)
                        .list()
                        .getItems()
                        .stream()
                        .flatMap(pod -> MemberPods.workload(
                                        pod, pod.getMetadata().getNamespace())
                                .stream()
                                .flatMap(workload ->
                                        MemberPods.placement(pod, workload, MemberPods.subdomain(pod)).stream()))
                        .toList());
    }
}
