package io.memorymachine.profile.hazelcast;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.hazelcast.cluster.ClusterState;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HazelcastProfileTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(600);

    private static HazelcastCluster cluster;

    private final HazelcastProfile profile = profile("dev");

    @BeforeAll
    static void startCluster() {
        cluster = new HazelcastCluster("dev", 3);
        profile("dev").awaitWhole(cluster.placements(), null, Duration.ZERO, LONG);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @AfterEach
    void activate() {
        cluster.changeState(ClusterState.ACTIVE);
    }

    @Test
    void aWholeClusterPassesTheCheckWithItsState() {
        assertThat(profile.check(cluster.placements(), LONG)).isEqualTo("ACTIVE");
    }

    @Test
    void aMemberThatRefusesConnectionsFailsTheCheckAtOnce() {
        List<MemberPlacement> members = new ArrayList<>(cluster.placements());
        members.set(1, HazelcastCluster.placement(1, "127.0.0.1:" + HazelcastCluster.freePort()));

        long began = System.nanoTime();
        assertThatFails(() -> profile.check(members, LONG), FailureReason.MEMBER_DOWN, "default/hz-1");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG.dividedBy(2));
    }

    @Test
    void aClusterWithMoreMembersThanExpectedFailsTheCheck() {
        assertThatFails(
                () -> profile.check(cluster.placements().subList(0, 2), SHORT),
                FailureReason.CLUSTER_NOT_SAFE,
                "hz-0: sees 3 of 2 members; hz-1: sees 3 of 2 members");
    }

    @Test
    void aClusterThatIsNotSafeFailsTheCheck() throws IOException {
        try (LyingMember liar = new LyingMember(cluster.port(2))) {
            liar.health = health -> health.replace("\"clusterSafe\":true", "\"clusterSafe\":false")
                    .replace("\"migrationQueueSize\":0", "\"migrationQueueSize\":4");

            assertThatFails(
                    () -> profile.check(with(2, liar), SHORT),
                    FailureReason.CLUSTER_NOT_SAFE,
                    "hz-2: the cluster is not safe, 4 migrations are queued");
        }
    }

    @Test
    void aClusterThatBecomesSafeInTimePassesTheCheck() throws IOException {
        try (LyingMember liar = new LyingMember(cluster.port(2))) {
            int[] looks = {0};
            liar.health =
                    health -> ++looks[0] > 3 ? health : health.replace("\"clusterSafe\":true", "\"clusterSafe\":false");

            assertThat(profile.check(with(2, liar), LONG)).isEqualTo("ACTIVE");
            assertThat(looks[0]).isEqualTo(4);
        }
    }

    @Test
    void aQuiescedClusterRefusesWritesUntilItIsResumed() {
        String previous = profile.quiesce(cluster.placements(), LONG);

        assertThat(previous).isEqualTo("ACTIVE");
        assertThatThrownBy(() -> cluster.member(1).getMap("m").put("key", "refused"))
                .hasMessageContaining("PASSIVE");

        profile.resume(cluster.placements(), previous, LONG);

        cluster.member(1).getMap("m").put("key", "taken");
        assertThat(cluster.member(2).getMap("m").get("key")).isEqualTo("taken");
    }

    @ParameterizedTest
    @EnumSource(
            value = ClusterState.class,
            names = {"NO_MIGRATION", "FROZEN", "PASSIVE"})
    void anotherStateThanActiveIsReturnedTo(ClusterState state) {
        cluster.changeState(state);

        String previous = profile.quiesce(cluster.placements(), LONG);
        assertThat(cluster.state()).isEqualTo(ClusterState.PASSIVE);
        profile.resume(cluster.placements(), previous, LONG);

        assertThat(cluster.state()).isEqualTo(state);
    }

    @Test
    void resumingTwiceIsResumingOnce() {
        profile.quiesce(cluster.placements(), LONG);

        profile.resume(cluster.placements(), "ACTIVE", LONG);
        profile.resume(cluster.placements(), "ACTIVE", LONG);

        assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void aMemberThatDoesNotChangeTheStateIsFollowedByTheNext() throws IOException {
        try (LyingMember liar = new LyingMember(cluster.port(0))) {
            liar.changesState = false;

            profile.quiesce(with(0, liar), LONG);

            assertThat(cluster.state()).isEqualTo(ClusterState.PASSIVE);
            assertThat(liar.asked()).containsExactly("PASSIVE");
        }
    }

    @Test
    void aMemberThatDoesNotAnswerTheChangeIsFollowedByTheNext() throws IOException {
        try (LyingMember liar = new LyingMember(cluster.port(0))) {
            liar.hangs = true;

            profile.quiesce(with(0, liar), LONG);
            profile.resume(with(0, liar), "ACTIVE", LONG);

            assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
            assertThat(liar.asked()).containsExactly("PASSIVE", "ACTIVE");
        }
    }

    @Test
    void aQuiesceThatOneMemberDoesNotConfirmIsPutBack() throws IOException {
        try (LyingMember liar = new LyingMember(cluster.port(2))) {
            liar.health = health -> health.replace("PASSIVE", "ACTIVE");

            assertThatFails(
                    () -> profile.quiesce(with(2, liar), SHORT),
                    FailureReason.QUIESCE_FAILED,
                    "did not become PASSIVE: hz-2: the cluster is ACTIVE, not PASSIVE; the cluster is ACTIVE again");
            assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
        }
    }

    @Test
    void aWrongClusterNameFailsTheQuiesceAndLeavesTheClusterActive() {
        assertThatFails(
                () -> profile("prod").quiesce(cluster.placements(), SHORT),
                FailureReason.QUIESCE_FAILED,
                "answered 403");
        assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void aResumeThatIsRefusedSaysSo() {
        cluster.changeState(ClusterState.PASSIVE);

        assertThatFails(
                () -> profile("prod").resume(cluster.placements(), "ACTIVE", SHORT),
                FailureReason.RESUME_FAILED,
                "hz-0: the cluster is PASSIVE, not ACTIVE; hz-1");
    }

    @Test
    void aResumeDoesNotNeedTheMembersThatAreDown() {
        cluster.changeState(ClusterState.PASSIVE);
        List<MemberPlacement> members = new ArrayList<>(cluster.placements());
        members.set(0, HazelcastCluster.placement(0, "127.0.0.1:" + HazelcastCluster.freePort()));

        profile.resume(members, "ACTIVE", LONG);

        assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void aWholePassiveClusterIsLeftActiveOrInTheStateAskedFor() {
        cluster.changeState(ClusterState.PASSIVE);

        assertThat(profile.awaitWhole(cluster.placements(), "PASSIVE", Duration.ZERO, LONG))
                .isEqualTo("PASSIVE");
        assertThat(cluster.state()).isEqualTo(ClusterState.PASSIVE);

        assertThat(profile.awaitWhole(cluster.placements(), null, Duration.ZERO, LONG))
                .isEqualTo("ACTIVE");
        assertThat(cluster.state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void aMemberThatComesLateIsWaitedFor() {
        try (HazelcastCluster growing = new HazelcastCluster("growing", 2)) {
            List<MemberPlacement> members = new ArrayList<>(growing.placements());
            members.add(HazelcastCluster.placement(2, "127.0.0.1:" + (growing.port(0) + 2)));
            CompletableFuture<String> whole = CompletableFuture.supplyAsync(
                    () -> profile("growing").awaitWhole(members, null, Duration.ZERO, LONG));

            growing.startMember();

            assertThat(whole.join()).isEqualTo("ACTIVE");
            assertThat(growing.member(0).getCluster().getMembers()).hasSize(3);
        }
    }

    @Test
    void whatIsMissingAtEachMemberIsTold() throws IOException {
        List<MemberPlacement> members = new ArrayList<>(cluster.placements());
        members.add(HazelcastCluster.placement(3, "127.0.0.1:" + HazelcastCluster.freePort()));

        assertThatFails(
                () -> profile.awaitWhole(members, null, Duration.ZERO, SHORT),
                FailureReason.NOT_WHOLE_AGAIN,
                "hz-0: sees 3 of 4 members; hz-1: sees 3 of 4 members; hz-2: sees 3 of 4 members; hz-3 does not answer");
    }

    private static List<MemberPlacement> with(int ordinal, LyingMember liar) {
        List<MemberPlacement> members = new ArrayList<>(cluster.placements());
        members.set(ordinal, HazelcastCluster.placement(ordinal, liar.address()));
        return members;
    }

    private static void assertThatFails(ThrowingCallable call, FailureReason reason, String said) {
        assertThatExceptionOfType(OperationFailedException.class)
                .isThrownBy(call)
                .withMessageContaining(said)
                .satisfies(failed -> assertThat(failed.reason()).isEqualTo(reason));
    }

    static HazelcastProfile profile(String clusterName) {
        HazelcastConfig config = new Config(clusterName);
        return new HazelcastProfile(new MemberRest(config, new ObjectMapper()), config);
    }

    private record Config(String clusterName) implements HazelcastConfig {
        @Override
        public int port() {
            return 5701;
        }

        @Override
        public Optional<String> password() {
            return Optional.empty();
        }

        @Override
        public Duration pollInterval() {
            return Duration.ofMillis(10);
        }

        @Override
        public Duration settling() {
            return Duration.ofMillis(1500);
        }

        @Override
        public Duration requestTimeout() {
            return Duration.ofMillis(500);
        }
    }
}
