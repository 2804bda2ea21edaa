package io.memorymachine.profile.hazelcast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import com.hazelcast.cluster.ClusterState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The clocks of a cluster jump, as those of restored members do, when it hurts most. */
class ClockJumpTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration OLD = Duration.ofMinutes(10);

    /** Less than the widest gap among the heartbeats of three. */
    private static final Duration LEAD = Duration.ofMillis(100);

    private static HazelcastCluster cluster;

    private final HazelcastProfile profile = HazelcastProfileTest.profile("jumping");

    @BeforeAll
    static void startCluster() {
        cluster = new HazelcastCluster("jumping", 3);
        // A member that had no heartbeat yet has nothing to tell a jump by.
        LockSupport.parkNanos(HEARTBEAT.multipliedBy(2).toNanos());
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void onceSettledAMemberIsNotTooOldForTheOthers() {
        profile.awaitWhole(cluster.placements(), null, Duration.ZERO, SOON);
        cluster.changeState(ClusterState.PASSIVE);
        TreeMap<Long, Integer> heartbeats = heartbeats();
        long firstAt = startOfTheLongestRow(new ArrayList<>(heartbeats.keySet()));
        int first = heartbeats.get(firstAt);
        LockSupport.parkNanos(Math.floorMod(firstAt - LEAD.toNanos() - System.nanoTime(), HEARTBEAT.toNanos()));

        JumpingClock.jump(OLD);
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> isOver(first));

        // What this one sends is too old for the others now.
        profile.awaitWhole(cluster.placements(), "PASSIVE", profile.settling(3, OLD), SOON);

        cluster.member(first).getCluster().changeClusterState(ClusterState.ACTIVE);
        assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void theYoungAndTheLonelyHaveNothingToSettle() {
        assertThat(profile.settling(3, Duration.ofSeconds(100))).isZero();
        assertThat(profile.settling(1, OLD)).isZero();
        assertThat(profile.settling(2, Duration.ofMinutes(2))).isPositive();
    }

    /** The members by the time of their heartbeats, in nanoseconds within the interval. */
    private static TreeMap<Long, Integer> heartbeats() {
        TreeMap<Long, Integer> seen = new TreeMap<>();
        JumpingClock.jump(OLD);
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
            IntStream.range(0, 3)
                    .filter(member -> !seen.containsValue(member) && isOver(member))
                    .forEach(member -> seen.put(System.nanoTime() % HEARTBEAT.toNanos(), member));
            return seen.size() == 3;
        });
        return seen;
    }

    /** At its heartbeat a member puts its cluster time back to what it was before all jumps. */
    private static boolean isOver(int member) {
        long ahead = cluster.member(member).getCluster().getClusterTime() - System.currentTimeMillis();
        return Math.abs(ahead) < OLD.toMillis() / 2;
    }

    /** Heartbeats come every second, so they stand on a circle: the one after the widest gap. */
    private static long startOfTheLongestRow(List<Long> phases) {
        long widest = -1;
        long start = 0;
        for (int i = 0; i < phases.size(); i++) {
            long before = i == 0 ? phases.get(phases.size() - 1) - HEARTBEAT.toNanos() : phases.get(i - 1);
            if (phases.get(i) - before > widest) {
                widest = phases.get(i) - before;
                start = phases.get(i);
            }
        }
        return start;
    }
}
