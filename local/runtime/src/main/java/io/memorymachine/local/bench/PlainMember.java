package io.memorymachine.local.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.Launch;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.SystemSettings;

/**
 * The same Hazelcast on the same Java as a member's, outside of a container, alone on the loopback: what is compared with.
 * It is a process of the run directory, so {@code ./mm down} ends it too.
 */
final class PlainMember implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final Processes processes;
    private final ProcessRecord process;
    private final int port;

    private PlainMember(Processes processes, ProcessRecord process, int port) {
        this.processes = processes;
        this.process = process;
        this.port = port;
    }

    /** Starts it from a member's image, with a heap of this size that it touches in whole, and waits until it serves. */
    static PlainMember start(Processes processes, Path rootfs, long heapBytes) {
        return start(processes, rootfs, heapBytes, "plain-member", 5799, List.of());
    }

    /**
     * Likewise, with its heap in a file of this folder.
     *
     * @param heaps must exist; the file has no name there, and ends with the process
     */
    static PlainMember startWithHeapIn(Path heaps, Processes processes, Path rootfs, long heapBytes) {
        return start(
                processes, rootfs, heapBytes, "plain-member-on-volume", 5797, List.of("-XX:AllocateHeapAt=" + heaps));
    }

    private static PlainMember start(
            Processes processes, Path rootfs, long heapBytes, String name, int port, List<String> options) {
        List<String> command = new ArrayList<>(
                HazelcastImage.touchingItsHeap(HazelcastImage.plainCommand(rootfs, heapBytes, LOOPBACK, port)));
        command.addAll(1, options);
        ProcessRecord process =
                processes.start(new Launch(name, command, HazelcastImage.ENVIRONMENT, rootfs.resolve("tmp")));
        processes.awaitReady(
                process,
                READY_WITHIN,
                () -> ClusterHealth.of(LOOPBACK, port).clusterState().equals("ACTIVE"));
        return new PlainMember(processes, process, port);
    }

    /** A client of it. */
    HazelcastInstance connect(String name) {
        return connect(name, port);
    }

    /** A client of a plain member on this port of the loopback. */
    static HazelcastInstance connect(String name, int port) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(SystemSettings.CLUSTER);
        config.setInstanceName(name);
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().setAddresses(List.of(LOOPBACK + ":" + port)).setRedoOperation(true);
        return HazelcastClient.newHazelcastClient(config);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        processes.end(List.of(process), END_WITHIN);
        processes.forget(process);
    }
}
