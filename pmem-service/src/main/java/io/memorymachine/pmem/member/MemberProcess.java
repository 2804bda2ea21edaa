package io.memorymachine.pmem.member;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The application's process in a member's container, as it was found in {@code /proc}.
 *
 * @param initPid the host's PID of the container's init
 * @param pid the host's PID of the application
 * @param namespacePid the application's PID in its container
 * @param startTicks when the application started, in clock ticks since boot: tells it from a later process with its PID
 * @param heap where its heap is mapped; empty where it is not on the volume
 * @param upper the overlay's folder of what the container changed in its image; empty where its root is no overlay
 * @param stdout where its standard output goes: {@code pipe:[INODE]} or a path
 * @param stderr where its standard error goes
 */
public record MemberProcess(
        long initPid,
        long pid,
        long namespacePid,
        long startTicks,
        Optional<HeapMapping> heap,
        Optional<Path> upper,
        String stdout,
        String stderr) {

    /** The root of the container's file system, seen from the node. */
    public Path root() {
        return Path.of("/proc", Long.toString(pid), "root");
    }
}
