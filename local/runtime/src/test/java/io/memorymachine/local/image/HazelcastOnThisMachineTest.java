package io.memorymachine.local.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Recreated;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalPlatform;
import io.memorymachine.platform.local.LocalRuntime;
import io.memorymachine.platform.local.LocalWorkloads;
import io.memorymachine.platform.local.WorkloadSpec;

import static org.assertj.core.api.Assertions.assertThat;

/** Starts real members in real containers: needs root, runc and iproute2. */
class HazelcastOnThisMachineTest {
    private static final WorkloadRef HZ = new WorkloadRef("dev", "hz");

    @TempDir
    Path directory;

    private LocalPaths paths;
    private LocalWorkloads workloads;
    private LocalPlatform platform;

    @BeforeEach
    void prepare() {
        paths = LocalPaths.of(Path.of(System.getProperty("mm.test.run")));
        workloads = new LocalWorkloads(paths, Clock.systemUTC());
        platform = new LocalPlatform(paths, Clock.systemUTC());
        System.setProperty("hazelcast.logging.type", "none");
    }

    @AfterEach
    void removeAll() {
        new LocalRuntime(paths).removeAll();
        assertThat(new LocalRuntime(paths).leftovers()).isEmpty();
    }

    @Test
    void membersFindEachOtherAndComeBackUnderNewAddresses() throws Exception {
        HazelcastImage image = HazelcastImage.build(
                Path.of("target", "test-image"),
                Path.of(System.getProperty("java.home")),
                HazelcastImage.hazelcastJar());
        List<MemberPlacement> members = workloads.create(spec(image, 3));

        assertThat(platform.unresolvedNames(HZ, members)).isEmpty();
        assertThat(clusterSizeSeenByAClient(3)).isEqualTo(3);
        for (MemberPlacement member : members) {
            Path application = application(member);
            assertThat(Files.readSymbolicLink(application.resolve("fd/1")).toString())
                    .startsWith("pipe:[");
            assertThat(Files.readString(application.resolve("maps")))
                    .contains("/mm/pmem/heap/", "/opt/hazelcast/hazelcast.jsa");
        }

        Recreated recreated = platform.recreate(HZ, "restore-1", MemberStart.APPLICATION);

        assertThat(addresses(recreated.members())).hasSize(3).doesNotContainAnyElementsOf(addresses(members));
        assertThat(names(recreated.members())).isEqualTo(names(members));
        assertThat(clusterSizeSeenByAClient(3)).isEqualTo(3);

        assertThat(platform.recreate(HZ, "restore-1", MemberStart.APPLICATION)).isEqualTo(recreated);
    }

    private WorkloadSpec spec(HazelcastImage image, int replicas) throws Exception {
        long heap = 256L << 20;
        return new WorkloadSpec(
                HZ,
                "hz",
                replicas,
                image.rootfs(),
                image.digest(),
                HazelcastImage.command("hz", "hz", replicas, heap),
                Map.of(),
                Files.createDirectories(directory.resolve("pmem")),
                Path.of(System.getProperty("mm.bin")).toAbsolutePath(),
                heap,
                0);
    }

    private static int clusterSizeSeenByAClient(int wanted) throws InterruptedException {
        ClientConfig config = new ClientConfig().setClusterName("dev");
        config.getNetworkConfig().addAddress("hz-0.hz:5701", "hz-1.hz:5701", "hz-2.hz:5701");
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setClusterConnectTimeoutMillis(30_000)
                .setMaxBackoffMillis(500);
        HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
        try {
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (client.getCluster().getMembers().size() < wanted && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            client.getMap("m").put("key", "value");
            return client.getCluster().getMembers().size();
        } finally {
            client.shutdown();
        }
    }

    private Path application(MemberPlacement member) {
        ProcessHandle init = ProcessHandle.of(platform.initPid(member)).orElseThrow();
        return Path.of(
                "/proc", Long.toString(init.children().findFirst().orElseThrow().pid()));
    }

    private static Set<String> addresses(List<MemberPlacement> members) {
        return members.stream().map(MemberPlacement::address).collect(Collectors.toSet());
    }

    private static List<String> names(List<MemberPlacement> members) {
        return members.stream().map(MemberPlacement::dnsName).toList();
    }
}
