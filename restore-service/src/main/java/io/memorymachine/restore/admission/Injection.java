package io.memorymachine.restore.admission;

import java.util.List;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * What becomes of a pod.
 *
 * @param pod as it is to be made; the very one that was given where nothing changes
 * @param warnings what its user is told; at most 256 characters each are shown in full
 */
public record Injection(Pod pod, List<String> warnings) {
    static Injection unchanged(Pod pod, String... warnings) {
        return new Injection(pod, List.of(warnings));
    }
}
