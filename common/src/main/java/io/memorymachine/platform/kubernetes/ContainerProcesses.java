package io.memorymachine.platform.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the processes of a container by what stands in {@code /proc/PID/cgroup}, without asking the container runtime.
 *
 * <p>A line ends with the path of a cgroup, and its last two parts name the pod and the container. What kubelets make of
 * them:
 *
 * <pre>
 * cgroupfs   /kubepods/burstable/pod1f7a93d2-.../6c0e...
 * systemd    /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1f7a93d2_....slice/cri-containerd-6c0e....scope
 * kind       /kubelet/kubepods/pod1f7a93d2-.../6c0e...
 * </pre>
 *
 * Version 1 of cgroups has one line for each hierarchy, version 2 one line in all. Deeper cgroups are a container's own.
 */
final class ContainerProcesses {
    private static final Pattern PID = Pattern.compile("[1-9][0-9]*");
    private static final Pattern CGROUP = Pattern.compile(
            "pod([0-9a-f]{8}[0-9a-f_-]{24,28})(?:\\.slice)?/(?:[a-z-]+-)?([0-9a-f]{64})(?:\\.scope)?(?:/.*)?$");

    private final Path proc;

    /** @param proc the host's, as seen from here */
    ContainerProcesses(Path proc) {
        this.proc = proc;
    }

    /** The host's PID of the container's first process, which is PID 1 in its own namespace; empty where none lives. */
    OptionalLong init(Incarnation container) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(
                proc, entry -> PID.matcher(entry.getFileName().toString()).matches())) {
            for (Path process : processes) {
                if (isIn(process, container) && isFirst(process)) {
                    return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the host's processes cannot be listed in " + proc, e);
        }
    }

    private static boolean isIn(Path process, Incarnation container) {
        return lines(process.resolve("cgroup")).stream().anyMatch(line -> container.equals(container(line)));
    }

    private static boolean isFirst(Path process) {
        return lines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("NSpid:"))
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(pids -> pids.length > 2 && pids[pids.length - 1].equals("1"));
    }

    /** Of a process that has just ended: none. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return List.of();
        }
    }

    /** The pod and container that a line of a cgroup file names; null where it names none. */
    static Incarnation container(String line) {
        Matcher cgroup = CGROUP.matcher(line);
        return cgroup.find() ? new Incarnation(cgroup.group(1).replace('_', '-'), cgroup.group(2)) : null;
    }
}
