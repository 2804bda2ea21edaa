package io.memorymachine.local.chaos;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalWorkloads;

/**
 * Watches the members all the time, a thread for each: the state of the cluster that it tells, the longest time for which
 * it told PASSIVE without a break, and which containers it had. A member that does not answer has not changed its state.
 */
final class ClusterWatch implements AutoCloseable {
    static final WorkloadRef WORKLOAD = new WorkloadRef(SystemSettings.NAMESPACE, SystemSettings.WORKLOAD);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(5);
    private static final String PASSIVE = "PASSIVE";
    private static final String ACTIVE = "ACTIVE";

    private final LocalWorkloads workloads;
    private final int members;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Long> passiveSince = new ConcurrentHashMap<>();
    private final Map<Integer, Long> longestPassive = new ConcurrentHashMap<>();
    private final Map<Integer, Set<String>> containers = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    ClusterWatch(RunDirectory directory, int members) {
        this.workloads = new LocalWorkloads(LocalPaths.of(directory.root()), Clock.systemUTC());
        this.members = members;
    }

    ClusterWatch start() {
        IntStream.range(0, members).forEach(ordinal -> {
            Thread thread = new Thread(() -> watch(ordinal), "watch-" + ordinal);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        });
        return this;
    }

    /** Forgets what was seen. */
    void reset() {
        longestPassive.clear();
        containers.clear();
        long now = System.nanoTime();
        passiveSince.replaceAll((ordinal, since) -> now);
    }

    /** The longest time since {@link #reset} for which a member told PASSIVE, the one that lasts included. */
    Duration longestPassive() {
        long now = System.nanoTime();
        long longest = longestPassive.values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        long open = passiveSince.values().stream()
                .mapToLong(since -> now - since)
                .max()
                .orElse(0);
        return Duration.ofNanos(Math.max(longest, open));
    }

    /** The largest number of containers that a member had since {@link #reset}. */
    int incarnations() {
        return containers.values().stream().mapToInt(Set::size).max().orElse(0);
    }

    /** The members that run now. */
    List<MemberPlacement> running() {
        return workloads.find(WORKLOAD).map(workloads::placements).orElse(List.of());
    }

    /** Whether exactly so many members run, and all tell that they are one active and safe cluster. */
    boolean isActive(int expected) {
        List<MemberPlacement> running = running();
        return running.size() == expected
                && running.stream().allMatch(member -> {
                    ClusterHealth health = ClusterHealth.of(member.address(), HazelcastImage.PORT);
                    return health.clusterState().equals(ACTIVE)
                            && health.clusterSize() == expected
                            && health.clusterSafe();
                });
    }

    /** What the members tell, for a message. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (MemberPlacement member : running()) {
            ClusterHealth health = ClusterHealth.of(member.address(), HazelcastImage.PORT);
            text.append(text.isEmpty() ? "" : ", ")
                    .append(member.member().pod())
                    .append(' ')
                    .append(health.clusterState())
                    .append(" of ")
                    .append(health.clusterSize())
                    .append(health.clusterSafe() ? "" : " unsafe");
        }
        return text.isEmpty() ? "no member runs" : text.toString();
    }

    private void watch(int ordinal) {
        while (!stopped) {
            Optional<MemberPlacement> member = running().stream()
                    .filter(candidate -> candidate.member().ordinal() == ordinal)
                    .findFirst();
            member.ifPresent(found -> {
                containers
                        .computeIfAbsent(ordinal, any -> ConcurrentHashMap.newKeySet())
                        .add(found.incarnation());
                note(
                        ordinal,
                        ClusterHealth.of(found.address(), HazelcastImage.PORT).clusterState());
            });
            if (member.isEmpty()) {
                end(ordinal);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void note(int ordinal, String state) {
        if (state.equals(PASSIVE)) {
            passiveSince.putIfAbsent(ordinal, System.nanoTime());
        } else if (state.equals(ACTIVE)) {
            end(ordinal);
        }
    }

    private void end(int ordinal) {
        Long since = passiveSince.remove(ordinal);
        if (since != null) {
            longestPassive.merge(ordinal, System.nanoTime() - since, Math::max);
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
