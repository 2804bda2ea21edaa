package io.memorymachine.local.system;

import java.util.Optional;

import io.memorymachine.local.console.Amounts;

/**
 * What a system was started with, kept in the run directory for the commands that come later.
 *
 * @param members 0 for the services alone
 * @param heapBytes the maximal heap of a member
 * @param volumeBytes the size of the volume's sparse file
 * @param volumeInMemory whether that file is in memory, else on disk
 * @param demo whether a demonstration started it, which may take it down
 * @param heapTouched whether every page of the heaps is touched at the start, as they are by and by in a member that runs
 *     for long
 */
public record SystemSettings(
        Ports ports,
        int members,
        long heapBytes,
        long volumeBytes,
        boolean volumeInMemory,
        boolean demo,
        boolean heapTouched) {
    /** The namespace of the workload. */
    public static final String NAMESPACE = "demo";

    /** The workload's name, and that of its Service. */
    public static final String WORKLOAD = "hz";

    /** Hazelcast's name of the cluster. */
    public static final String CLUSTER = "dev";

    /** The name under which this machine stands in messages. */
    public static final String NODE = "local";

    /** With heaps that are touched as they are used. */
    public SystemSettings(
            Ports ports, int members, long heapBytes, long volumeBytes, boolean volumeInMemory, boolean demo) {
        this(ports, members, heapBytes, volumeBytes, volumeInMemory, demo, false);
    }

    /** The same with heaps that are touched at the start. */
    public SystemSettings withTouchedHeaps() {
        return new SystemSettings(ports, members, heapBytes, volumeBytes, volumeInMemory, demo, true);
    }

    /** The same on other ports. */
    public SystemSettings on(Ports others) {
        return new SystemSettings(others, members, heapBytes, volumeBytes, volumeInMemory, demo, heapTouched);
    }

    /** What runs with the settings {@code running} where these were asked for; empty where that is as good. */
    public Optional<String> difference(SystemSettings running) {
        boolean same = members == running.members && heapBytes == running.heapBytes;
        return same
                ? Optional.empty()
                : Optional.of("a system with " + running.members + " members of " + Amounts.size(running.heapBytes));
    }
}
