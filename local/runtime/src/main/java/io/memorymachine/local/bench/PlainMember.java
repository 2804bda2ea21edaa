package io.memorymachine.local.bench;

import java.nio.file.Path;
import java.time.Duration;
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
 * The same Hazelcast on the same Java as a member's, with an ordinary heap, alone on the loopback: what is compared with.
 * It is a process of the run directory, so {@code ./mm down} ends it too.
 */
final class PlainMember implements AutoCloseable {
    private static final String NAME = "plain-member";
    private static final int PORT = 5799;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final Processes processes;
    private final ProcessRecord process;

    private PlainMember(Processes processes, ProcessRecord process) {
        this.processes = processes;
        this.process = process;
    }

    /** Starts it from a member's image, with a heap of this size that it touches in whole, and waits until it serves. */
    static PlainMember start(Processes processes, Path rootfs, long heapBytes) {
        ProcessRecord process = processes.start(new Launch(
                NAME,
                HazelcastImage.touchingItsHeap(HazelcastImage.plainCommand(rootfs, heapBytes, "127.0.0.1", PORT)),
                HazelcastImage.ENVIRONMENT,
                rootfs.resolve("tmp")));
        processes.awaitReady(
                process,
                READY_WITHIN,
                () -> ClusterHealth.of("127.0.0.1", PORT).clusterState().equals("ACTIVE"));
        return new PlainMember(processes, process);
    }

    /** A client of it. */
    HazelcastInstance connect(String name) {
        return connect(name, PORT);
    }

    /** A client of a plain member on this port of the loopback. */
    static HazelcastInstance connect(String name, int port) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(SystemSettings.CLUSTER);
        config.setInstanceName(name);
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().setAddresses(List.of("127.0.0.1:" + port)).setRedoOperation(true);
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
