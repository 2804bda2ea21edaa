package io.memorymachine.restore.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.kubernetes.Marks;
import io.memorymachine.platform.kubernetes.MemberPods;
import io.memorymachine.platform.kubernetes.RestorePlan;

/** The parts that a member has and an ordinary pod has not. All methods change what they are given. */
final class MemberParts {
    static final String JAVA_TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";

    /** Where the options are moved that come from elsewhere (valueFrom), so that ours can stand beside them. */
    private static final String USERS_OPTIONS = "MM_JAVA_TOOL_OPTIONS";

    /**
     * The heap in a file on the volume; no file in /tmp whose name holds the PID; and no address is remembered for long,
     * since every member has another one after a restore. All connections to it break at once then, and Hazelcast takes
     * for dead who breaks four, counted at most once in 100 ms: once in a second instead. And each gets over the jump of its
     * wall clock at its next heartbeat, before which it does not understand the others: within one second instead of five.
     */
    private static final String OPTIONS = "-XX:AllocateHeapAt=/mm/pmem/heap -XX:-UsePerfData"
            + " -Dsun.net.inetaddr.ttl=1 -Dsun.net.inetaddr.negative.ttl=0"
            + " -Dhazelcast.connection.monitor.interval=1000 -Dhazelcast.heartbeat.interval.seconds=1";

    private static final String INIT = "/mm/bin/mm-init";
    private static final String PMEM = "mm-pmem";
    private static final String BIN = "mm-bin";
    private static final String PREPARE = "mm-prepare";
    private static final long ROOT = 0;

    private final InjectionConfig config;

    MemberParts(InjectionConfig config) {
        this.config = config;
    }

    /** Makes an ordinary member of a pod. */
    void makeMember(Pod pod, Container member, WorkloadRef workload, Entrypoint entrypoint) {
        annotate(pod, Marks.INJECTED, member.getName());
        label(pod, Marks.MEMBER, Marks.YES);
        variables(member, entrypoint.environment().get(JAVA_TOOL_OPTIONS));
        List<String> command = new ArrayList<>(List.of(INIT, "--"));
        command.addAll(entrypoint.entrypoint());
        member.setCommand(command);
        if (member.getArgs().isEmpty() && !entrypoint.arguments().isEmpty()) {
            member.setArgs(new ArrayList<>(entrypoint.arguments()));
        }
        List<VolumeMount> mounts = List.of(
                new VolumeMountBuilder()
                        .withName(PMEM)
                        .withMountPath("/mm/pmem")
                        .withSubPathExpr(workload.namespace() + "/" + workload.name() + "/$(MM_POD_NAME)")
                        .build(),
                new VolumeMountBuilder()
                        .withName(BIN)
                        .withMountPath("/mm/bin")
                        .withReadOnly(true)
                        .build());
        member.getVolumeMounts().addAll(mounts);
        selinux(member);
        PodSpec spec = pod.getSpec();
        spec.getVolumes().add(hostFolder(PMEM, config.pmemPath()));
        spec.getVolumes().add(hostFolder(BIN, config.binPath()));
        spec.getInitContainers().add(0, prepare(member, mounts));
        Map<String, String> nodes = new HashMap<>(spec.getNodeSelector() == null ? Map.of() : spec.getNodeSelector());
        nodes.putIfAbsent(Marks.STORAGE, Marks.PMEM);
        spec.setNodeSelector(nodes);
    }

    /** Makes a member what an armed plan says: a placeholder, or only one that is known to be of the operation. */
    void recreated(Pod pod, Container member, RestorePlan plan) {
        annotate(pod, Marks.OPERATION, plan.operation());
        boolean placeholder = plan.start() == MemberStart.PLACEHOLDER;
        label(pod, Marks.START, placeholder ? Marks.PLACEHOLDER : Marks.APPLICATION);
        if (!placeholder) {
            return;
        }
        member.getCommand().add(1, "--wait");
        Probes.passWhileWaiting(member);
        Optional.ofNullable(plan.nodes().get(MemberPods.ordinal(pod).getAsInt()))
                .ifPresent(node -> NodePin.pin(pod.getSpec(), node));
    }

    static Optional<EnvVar> variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst();
    }

    /** A variable can only refer to those before it: the user's may refer to the member's name. */
    private static void variables(Container member, String imagesOptions) {
        List<EnvVar> variables = new ArrayList<>();
        variables.add(field("MM_POD_NAME", "metadata.name"));
        variables.add(field("MM_POD_IP", "status.podIP"));
        boolean optionsSeen = false;
        for (EnvVar variable : member.getEnv()) {
            if (variable.getName().equals("MM_POD_NAME") || variable.getName().equals("MM_POD_IP")) {
                continue;
            }
            if (!variable.getName().equals(JAVA_TOOL_OPTIONS)) {
                variables.add(variable);
                continue;
            }
            optionsSeen = true;
            if (variable.getValueFrom() == null) {
                variables.add(options(variable.getValue()));
            } else {
                variables.add(
                        new EnvVarBuilder(variable).withName(USERS_OPTIONS).build());
                variables.add(options("$(" + USERS_OPTIONS + ")"));
            }
        }
        if (!optionsSeen) {
            variables.add(options(imagesOptions));
        }
        member.setEnv(variables);
    }

    /** Ours last: of an option that is there twice the JVM takes the last. */
    private static EnvVar options(String users) {
        String value = users == null || users.isBlank() ? OPTIONS : users + " " + OPTIONS;
        return new EnvVarBuilder().withName(JAVA_TOOL_OPTIONS).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef(null, path)
                .endValueFrom()
                .build();
    }

    private static Volume hostFolder(String name, String path) {
        return new VolumeBuilder()
                .withName(name)
                .withHostPath(new HostPathVolumeSource(path, "Directory"))
                .build();
    }

    /**
     * Empties the member's folder, in which an earlier incarnation may have left what only root may remove, and makes the
     * heap's. It asks for what the member asks for: a pod needs the larger of its init containers' and its containers'
     * resources, so this changes nothing, and a namespace that asks for limits has them.
     */
    private Container prepare(Container member, List<VolumeMount> mounts) {
        Container prepare = new ContainerBuilder()
                .withName(PREPARE)
                .withImage(member.getImage())
                .withImagePullPolicy(member.getImagePullPolicy())
                .withCommand(INIT, "--prepare")
                .withEnv(field("MM_POD_NAME", "metadata.name"))
                .withResources(member.getResources())
                .withVolumeMounts(mounts)
                .withSecurityContext(new SecurityContextBuilder()
                        .withRunAsUser(ROOT)
                        .withRunAsNonRoot(false)
                        .withAllowPrivilegeEscalation(false)
                        .withReadOnlyRootFilesystem(true)
                        .withCapabilities(new Capabilities(List.of("DAC_OVERRIDE", "FOWNER"), List.of("ALL")))
                        .build())
                .build();
        selinux(prepare);
        return prepare;
    }

    private void selinux(Container container) {
        if (config.selinuxType().isEmpty() && config.selinuxLevel().isEmpty()) {
            return;
        }
        SecurityContext context = container.getSecurityContext() == null
                ? new SecurityContext()
                : new SecurityContextBuilder(container.getSecurityContext()).build();
        SELinuxOptions options =
                context.getSeLinuxOptions() == null ? new SELinuxOptions() : context.getSeLinuxOptions();
        config.selinuxType().ifPresent(options::setType);
        config.selinuxLevel().ifPresent(options::setLevel);
        context.setSeLinuxOptions(options);
        container.setSecurityContext(context);
    }

    private static void annotate(Pod pod, String name, String value) {
        Map<String, String> annotations = new HashMap<>(pod.getMetadata().getAnnotations());
        annotations.put(name, value);
        pod.getMetadata().setAnnotations(annotations);
    }

    private static void label(Pod pod, String name, String value) {
        Map<String, String> labels = new HashMap<>(
                pod.getMetadata().getLabels() == null
                        ? Map.of()
                        : pod.getMetadata().getLabels());
        labels.put(name, value);
        pod.getMetadata().setLabels(labels);
    }
}
