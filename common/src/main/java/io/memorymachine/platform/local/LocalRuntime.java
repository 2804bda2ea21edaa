package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that the members of a run directory leave on the machine: containers, processes of runc, mounts, network and cgroups.
 * Found by name, so it works for a process that knows nothing but the directory, whatever died in which state.
 */
public final class LocalRuntime {
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final LocalPaths paths;
    private final LocalNetwork network;

    /** The traces of a run directory. */
    public LocalRuntime(LocalPaths paths) {
        this.paths = paths;
        this.network = new LocalNetwork(paths);
    }

    /**
     * Ends every member and removes every trace of it, and the bridge; repeatable. The members' directories on the pmem
     * volumes go as far as a record tells where they are.
     *
     * @throws LocalPlatformException naming the first thing that cannot be removed
     */
    public void removeAll() {
        RunLock.holding(paths, () -> {
            List<HostProcess> runc = runcProcesses();
            deleteContainers();
            // They end with their containers, unless they are stuck before they have made one.
            for (HostProcess process : runc) {
                if (!process.awaitEnd(END_WITHIN)) {
                    process.kill();
                    process.awaitEnd(END_WITHIN);
                }
            }
            deleteContainers();
            Mounts.unmountTree(paths.workloads());
            network.remove();
            cgroups().forEach(LocalRuntime::removeCgroup);
            new StateFiles(paths)
                    .workloads()
                    .forEach(spec -> StateFiles.deleteTree(LocalPaths.live(spec.volume(), spec.ref())));
            StateFiles.deleteTree(paths.local());
            StateFiles.deleteTree(paths.runc());
            return null;
        });
    }

    /** What there is of the run directory's members on the machine, a line each; empty after {@link #removeAll}. */
    public List<String> leftovers() {
        List<String> found = new ArrayList<>();
        StateFiles.children(paths.runc()).forEach(state -> found.add("container " + state.getFileName()));
        runcProcesses().forEach(process -> found.add("process " + process.pid() + " (runc)"));
        Mounts.below(paths.workloads()).forEach(target -> found.add("mount " + target));
        found.addAll(network.leftovers());
        cgroups().forEach(cgroup -> found.add("cgroup " + cgroup));
        return found;
    }

    private void deleteContainers() {
        StateFiles.children(paths.runc()).forEach(state -> MemberContainer.deleteContainer(paths, state));
    }

    /** Those that work on this run directory's containers: it stands in their arguments. */
    private List<HostProcess> runcProcesses() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(this::isOurRunc)
                    .map(HostProcess::of)
                    .flatMap(Optional::stream)
                    .filter(HostProcess::isAlive)
                    .toList();
        }
    }

    private boolean isOurRunc(long pid) {
        try {
            List<String> arguments = Arrays.asList(
                    Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                            .split("\0"));
            int root = arguments.indexOf("--root");
            return arguments.contains("runc")
                    && root >= 0
                    && root + 1 < arguments.size()
                    && arguments.get(root + 1).equals(paths.runc().toString());
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    private List<Path> cgroups() {
        return Mounts.cgroupHierarchies().stream()
                .map(hierarchy -> hierarchy.resolve(paths.cgroup()))
                .filter(Files::isDirectory)
                .toList();
    }

    /** A cgroup is removed like an empty directory, whatever files it shows; those within it first. */
    private static void removeCgroup(Path cgroup) {
        for (Path child : StateFiles.children(cgroup)) {
            if (Files.isDirectory(child)) {
                removeCgroup(child);
            }
        }
        try {
            Files.deleteIfExists(cgroup);
        } catch (IOException e) {
            throw new LocalPlatformException("the cgroup " + cgroup + " cannot be removed", e);
        }
    }
}
