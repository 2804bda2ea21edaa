package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.LogTail;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalWorkloads;
import io.memorymachine.platform.local.WorkloadSpec;

/** The Hazelcast members of a system. */
final class Members {
    static final WorkloadRef WORKLOAD = new WorkloadRef(SystemSettings.NAMESPACE, SystemSettings.WORKLOAD);

    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int QUOTED_LINES = 12;

    private final RunDirectory directory;
    private final Installation installation;
    private final SystemSettings settings;
    private final LocalPaths paths;
    private final LocalWorkloads workloads;

    Members(RunDirectory directory, Installation installation, SystemSettings settings) {
        this.directory = directory;
        this.installation = installation;
        this.settings = settings;
        this.paths = LocalPaths.of(directory.root());
        this.workloads = new LocalWorkloads(paths, Clock.systemUTC());
    }

    /** Builds the image unless it is there. */
    String image() throws IOException {
        return build().digest().substring(0, "sha256:".length() + 12);
    }

    /** Starts the members unless all of them run; if one is down, all are made anew. */
    String create() throws IOException {
        List<MemberPlacement> running = running();
        if (running.size() == settings.members()) {
            return "run already: " + addresses(running);
        }
        HazelcastImage image = build();
        List<String> command = HazelcastImage.command(
                SystemSettings.WORKLOAD, SystemSettings.WORKLOAD, settings.members(), settings.heapBytes());
        return addresses(workloads.create(new WorkloadSpec(
                WORKLOAD,
                SystemSettings.WORKLOAD,
                settings.members(),
                image.rootfs(),
                image.digest(),
                settings.heapTouched() ? HazelcastImage.touchingItsHeap(command) : command,
                HazelcastImage.ENVIRONMENT,
                directory.volume(),
                installation.nativePrograms(),
                settings.heapBytes(),
                0)));
    }

    /** Waits until the members have found each other and no data move. */
    String awaitCluster() {
        long deadline = System.nanoTime() + WHOLE_WITHIN.toNanos();
        ClusterHealth health = ClusterHealth.UNKNOWN;
        while (System.nanoTime() < deadline) {
            List<MemberPlacement> running = running();
            if (running.size() < settings.members()) {
                throw new StartFailedException(diagnosis("a member ended while it started"));
            }
            health = ClusterHealth.of(running.get(0).address(), HazelcastImage.PORT);
            if (health.clusterSize() == settings.members() && health.clusterSafe()) {
                return health.clusterState() + ", " + health.clusterSize() + " members";
            }
            pause();
        }
        throw new StartFailedException(
                diagnosis("the cluster is not whole after " + WHOLE_WITHIN.toSeconds() + " s (" + health + ")"));
    }

    /** The members that run. */
    List<MemberPlacement> running() {
        return workloads.find(WORKLOAD).map(workloads::placements).orElse(List.of());
    }

    private HazelcastImage build() throws IOException {
        return HazelcastImage.build(
                directory.images(), Path.of(System.getProperty("java.home")), HazelcastImage.hazelcastJar());
    }

    private String diagnosis(String what) {
        StringBuilder text = new StringBuilder(what);
        List<Integer> running =
                running().stream().map(member -> member.member().ordinal()).toList();
        for (int ordinal = 0; ordinal < settings.members(); ordinal++) {
            Path log = paths.log(new MemberRef(WORKLOAD, ordinal));
            if (!running.contains(ordinal)) {
                text.append("\n  the last of ").append(log).append(":\n    ");
                text.append(String.join("\n    ", LogTail.of(log, QUOTED_LINES)));
            }
        }
        return text.toString();
    }

    private static String addresses(List<MemberPlacement> members) {
        return String.join(" ", members.stream().map(MemberPlacement::address).toList());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while waiting for the cluster", e);
        }
    }
}
