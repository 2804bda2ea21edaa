package io.memorymachine.restore.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.kubernetes.Marks;
import io.memorymachine.platform.kubernetes.MemberPods;
import io.memorymachine.platform.kubernetes.RestorePlan;

/**
 * Makes a member of a pod: its own folder of the pmem volume, the init and CRIU read-only, the variables, the command under
 * the init. Injected again, a pod stays as it is. What cannot be injected stays as it is too, and its user is told why.
 */
public final class PodInjector {
    private static final TypeReference<List<String>> WORDS = new TypeReference<>() {};

    private final ImageConfigs images;
    private final MemberParts parts;
    private final ObjectMapper json;

    /** One that asks {@code images} only where a pod itself does not say what it runs. */
    public PodInjector(ImageConfigs images, InjectionConfig config, ObjectMapper json) {
        this.images = images;
        this.parts = new MemberParts(config);
        this.json = json;
    }

    /**
     * Decides about one pod.
     *
     * @param namespace the pod's; its own field may be empty before it is made
     * @param plan what is armed for its member now
     */
    public Injection inject(Pod pod, String namespace, Optional<RestorePlan> plan) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations() == null
                ? Map.of()
                : pod.getMetadata().getAnnotations();
        if (!Marks.YES.equals(annotations.get(Marks.INJECT)) || annotations.containsKey(Marks.INJECTED)) {
            return Injection.unchanged(pod);
        }
        Optional<WorkloadRef> workload = MemberPods.workload(pod, namespace);
        Optional<String> obstacle = obstacle(pod, workload, annotations.get(Marks.CONTAINER));
        if (obstacle.isPresent()) {
            return Injection.unchanged(pod, warning(obstacle.get()));
        }
        List<String> warnings = new ArrayList<>();
        Pod copy = new PodBuilder(pod).build();
        Container member = member(copy.getSpec(), annotations.get(Marks.CONTAINER));
        Entrypoint entrypoint;
        try {
            entrypoint = entrypoint(namespace, copy, member, annotations.get(Marks.ENTRYPOINT));
        } catch (UnresolvedImageException e) {
            return Injection.unchanged(
                    pod,
                    warning("what it runs is not known: " + e.getMessage()
                            + "; set the container's command or the annotation " + Marks.ENTRYPOINT));
        }
        if (isUnstable(member.getImage())) {
            warnings.add("Memory Machine: the image " + member.getImage()
                    + " has no stable tag: a restore is refused once it means another image");
        }
        if (!member.getEnvFrom().isEmpty()
                && MemberParts.variable(member, MemberParts.JAVA_TOOL_OPTIONS).isEmpty()) {
            warnings.add("Memory Machine: a JAVA_TOOL_OPTIONS from envFrom is not seen by the JVM: set it under env");
        }
        parts.makeMember(copy, member, workload.orElseThrow(), entrypoint);
        plan.ifPresent(armed -> parts.recreated(copy, member, armed));
        return new Injection(copy, warnings);
    }

    private static Optional<String> obstacle(Pod pod, Optional<WorkloadRef> workload, String container) {
        PodSpec spec = pod.getSpec();
        if (workload.isEmpty() || MemberPods.ordinal(pod).isEmpty()) {
            return Optional.of("it is not the pod of a StatefulSet");
        }
        if (container == null && spec.getContainers().size() != 1) {
            return Optional.of("it has several containers: name the member's with the annotation " + Marks.CONTAINER);
        }
        if (member(spec, container) == null) {
            return Optional.of(
                    "it has no container '" + container + "', which the annotation " + Marks.CONTAINER + " names");
        }
        if (Boolean.TRUE.equals(spec.getShareProcessNamespace()) || Boolean.TRUE.equals(spec.getHostPID())) {
            return Optional.of(
                    "its containers share a PID namespace, so a restored process could not have its PIDs back");
        }
        if (Boolean.FALSE.equals(spec.getHostUsers())) {
            return Optional.of("it has a user namespace (hostUsers: false)");
        }
        return Optional.empty();
    }

    private Entrypoint entrypoint(String namespace, Pod pod, Container member, String annotation) {
        if (!member.getCommand().isEmpty()) {
            return new Entrypoint(member.getCommand(), List.of(), Map.of());
        }
        if (annotation != null) {
            try {
                List<String> words = json.readValue(annotation, WORDS);
                if (!words.isEmpty() && words.stream().noneMatch(word -> word == null)) {
                    return new Entrypoint(words, List.of(), Map.of());
                }
            } catch (JsonProcessingException e) {
                throw new UnresolvedImageException(
                        "the annotation " + Marks.ENTRYPOINT + " is no JSON array of strings", e);
            }
            throw new UnresolvedImageException("the annotation " + Marks.ENTRYPOINT + " names no command", null);
        }
        return images.read(namespace, pod.getSpec(), member.getImage());
    }

    static Container member(PodSpec spec, String name) {
        return spec.getContainers().stream()
                .filter(container -> name == null || container.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** No tag means latest. */
    private static boolean isUnstable(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        return !image.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
    }

    private static String warning(String why) {
        return "Memory Machine leaves this pod as it is: " + why;
    }
}
