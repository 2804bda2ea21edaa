package io.memorymachine.profile.hazelcast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

import com.hazelcast.cluster.ClusterState;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;

/** Real Hazelcast members in this JVM, on loopback ports of their own, with the REST interface that the profile needs. */
final class HazelcastCluster implements AutoCloseable {
    static {
        JumpingClock.install();
    }

    private static final WorkloadRef WORKLOAD = new WorkloadRef("default", "hz");

    private final String name;
    private final int firstPort = freePort();
    private final List<HazelcastInstance> members = new ArrayList<>();

    HazelcastCluster(String name, int members) {
        this.name = name;
        for (int i = 0; i < members; i++) {
            startMember();
        }
    }

    HazelcastInstance startMember() {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(
                Config.loadFromString("""
                hazelcast:
                  cluster-name: %s
                  properties:
                    hazelcast.logging.type: none
                    hazelcast.phone.home.enabled: false
                    hazelcast.shutdownhook.enabled: false
                    hazelcast.partition.count: 17
                    hazelcast.heartbeat.interval.seconds: 1
                    hazelcast.wait.seconds.before.join: 0
                    hazelcast.max.wait.seconds.before.join: 1
                  network:
                    port: {port: %d, auto-increment: true, port-count: 20}
                    interfaces: {enabled: true, interfaces: ["127.0.0.1"]}
                    join:
                      auto-detection: {enabled: false}
                      multicast: {enabled: false}
                      tcp-ip: {enabled: true, member-list: ["127.0.0.1:%d", "127.0.0.1:%d", "127.0.0.1:%d"]}
                    rest-api:
                      enabled: true
                      endpoint-groups:
                        HEALTH_CHECK: {enabled: true}
                        CLUSTER_WRITE: {enabled: true}
                        CLUSTER_READ: {enabled: false}
                """.formatted(name, firstPort, firstPort, firstPort + 1, firstPort + 2)));
        members.add(member);
        return member;
    }

    HazelcastInstance member(int ordinal) {
        return members.get(ordinal);
    }

    List<MemberPlacement> placements() {
        List<MemberPlacement> placements = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            placements.add(placement(i, "127.0.0.1:" + port(i)));
        }
        return placements;
    }

    int port(int ordinal) {
        return ((InetSocketAddress) members.get(ordinal).getLocalEndpoint().getSocketAddress()).getPort();
    }

    static MemberPlacement placement(int ordinal, String address) {
        return new MemberPlacement(
                new MemberRef(WORKLOAD, ordinal), "node", "i" + ordinal, address, "hz-" + ordinal + ".hz", "sha256:0");
    }

    ClusterState state() {
        return members.get(0).getCluster().getClusterState();
    }

    void changeState(ClusterState state) {
        members.get(0).getCluster().changeClusterState(state);
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
