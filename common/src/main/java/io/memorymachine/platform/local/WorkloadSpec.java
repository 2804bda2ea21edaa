package io.memorymachine.platform.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.memorymachine.contract.workload.WorkloadRef;

/**
 * What a workload of the single machine is made of; the counterpart of a StatefulSet's manifest.
 *
 * @param service gives the members their names: {@code hz-0.hz}
 * @param replicas how many members, at least 1
 * @param rootfs the root file system of the members' image; never written to
 * @param imageDigest {@code sha256:...} over that tree
 * @param command the application and its arguments; {@code $(NAME)} stands for a variable of its environment
 * @param environment in addition to PATH, HOSTNAME, MM_POD_NAME and MM_NAMESPACE
 * @param volume where the pmem volume is mounted
 * @param bin holds {@code mm-init}; the members see it as {@code /mm/bin}
 * @param heapBytes the maximal heap of a member
 * @param memoryLimitBytes the limit of a member's cgroup; 0 for none. The pages of its heap file count
 */
public record WorkloadSpec(
        WorkloadRef ref,
        String service,
        int replicas,
        Path rootfs,
        String imageDigest,
        List<String> command,
        Map<String, String> environment,
        Path volume,
        Path bin,
        long heapBytes,
        long memoryLimitBytes) {
    /** Copies the collections and checks what later would fail far from its cause. */
    public WorkloadSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (replicas < 1 || command.isEmpty()) {
            throw new IllegalArgumentException("a workload needs a member and a command");
        }
        if (!rootfs.isAbsolute() || !volume.isAbsolute() || !bin.isAbsolute()) {
            throw new IllegalArgumentException("the paths of a workload must be absolute");
        }
    }
}
