package io.memorymachine.profile.hazelcast;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.profile.QuiesceProfile;

/**
 * Brings a Hazelcast cluster to rest as cluster state PASSIVE. A change of state is a transaction among the members: each
 * of them can be asked for it, and one that is asked twice does it once.
 *
 * <p>A process that dies during {@link #quiesce} leaves the cluster in the old state or in PASSIVE; {@link #resume} mends
 * both.
 */
@ApplicationScoped
public class HazelcastProfile implements QuiesceProfile {
    /** The name by which users choose it. */
    public static final String NAME = "hazelcast";

    /**
     * From a jump of two minutes on a member puts its cluster time back to what it was, at its next heartbeat
     * ({@code ClusterHeartbeatManager}); less is not put back by anyone. The clocks of nodes may differ by some seconds.
     */
    private static final Duration JUMP_PUT_BACK = Duration.ofSeconds(110);

    private static final Logger LOG = Logger.getLogger(HazelcastProfile.class);

    private final MemberRest rest;
    private final HazelcastConfig config;

    @Inject
    HazelcastProfile(MemberRest rest, HazelcastConfig config) {
        this.rest = rest;
        this.config = config;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String check(List<MemberPlacement> members, Duration timeout) {
        // A cluster under load is unsafe for moments, while backups are on their way: one look does not do.
        ClusterView last = await(members, Deadline.in(timeout), view -> {
            requireNoneRefused(view);
            return view.missing().isEmpty();
        });
        if (!last.missing().isEmpty()) {
            FailureReason reason = last.allAnswered() ? FailureReason.CLUSTER_NOT_SAFE : FailureReason.MEMBER_DOWN;
            throw new OperationFailedException(reason, "Not whole and safe within " + timeout + ": " + last.missing());
        }
        return last.commonState();
    }

    @Override
    public String quiesce(List<MemberPlacement> members, Duration timeout) {
        // The second half of the time is for putting the state back.
        Deadline deadline = Deadline.in(timeout);
        Deadline half = Deadline.in(timeout.dividedBy(2));
        ClusterView before = await(members, half, view -> view.commonState() != null);
        String previous = before.commonState();
        if (previous == null || ClusterStates.nodeState(previous).equals(ClusterStates.NONE)) {
            throw new OperationFailedException(
                    FailureReason.QUIESCE_FAILED,
                    "The cluster has no state to return to: " + (previous == null ? before.missing() : previous));
        }
        if (previous.equals(ClusterStates.PASSIVE)) {
            return previous;
        }
        String failure = reach(members, ClusterStates.PASSIVE, half, ClusterView::allAnswered);
        if (failure == null) {
            return previous;
        }
        String notBack = reach(members, previous, deadline, HazelcastProfile::allWhoRun);
        throw new OperationFailedException(
                FailureReason.QUIESCE_FAILED,
                notBack == null
                        ? failure + "; the cluster is " + previous + " again"
                        : failure + "; and back: " + notBack);
    }

    @Override
    public void resume(List<MemberPlacement> members, String state, Duration timeout) {
        String failure = reach(members, state, Deadline.in(timeout), HazelcastProfile::allWhoRun);
        if (failure != null) {
            throw new OperationFailedException(FailureReason.RESUME_FAILED, failure);
        }
    }

    /**
     * Until each member had its heartbeat, those who had theirs and those who had not take each other's operations for
     * older than their call time-out. A change of state that is refused half-way locks the state for a minute (the lease of
     * {@code ClusterStateLock}), and whoever writes waits for as long.
     */
    @Override
    public Duration settling(int members, Duration clockJump) {
        return members > 1 && clockJump.compareTo(JUMP_PUT_BACK) > 0 ? config.settling() : Duration.ZERO;
    }

    @Override
    public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        Deadline settled = Deadline.in(settling);
        String wanted = state == null ? ClusterStates.ACTIVE : state;
        requireWhole(await(members, deadline, view -> view.missing().isEmpty() && settled.over()), timeout);
        String failure = reach(members, wanted, deadline, ClusterView::allAnswered);
        if (failure != null) {
            throw new OperationFailedException(FailureReason.NOT_WHOLE_AGAIN, failure);
        }
        requireWhole(await(members, deadline, view -> view.missing().isEmpty()), timeout);
        return wanted;
    }

    private static void requireWhole(ClusterView view, Duration timeout) {
        if (!view.missing().isEmpty()) {
            throw new OperationFailedException(
                    FailureReason.NOT_WHOLE_AGAIN, "Not whole and safe within " + timeout + ": " + view.missing());
        }
    }

    /**
     * Asks for the state, of one member after another, until all who answer are in it. The first question is the change
     * itself, no look before: applications wait for it.
     *
     * @param enough whether those who answer are enough
     * @return null, or what is missing when the time is over
     */
    private String reach(
            List<MemberPlacement> members, String state, Deadline deadline, Predicate<ClusterView> enough) {
        String refusal = change(members.get(0), state, deadline);
        for (int asked = 1; ; asked++) {
            ClusterView view = look(members, deadline).await().indefinitely();
            if (enough.test(view) && view.answered().allMatch(sight -> sight.in(state))) {
                return null;
            }
            if (deadline.over()) {
                return "The cluster did not become " + state + ": " + view.notIn(state) + refusal;
            }
            // A member that is in the state already would not change it for the others.
            List<MemberPlacement> others = view.answered()
                    .filter(sight -> !sight.in(state))
                    .map(ClusterView.Sight::member)
                    .toList();
            if (!others.isEmpty()) {
                refusal = change(others.get(asked % others.size()), state, deadline);
            }
            Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(config.pollInterval())
                    .await()
                    .indefinitely();
        }
    }

    /** Asks one member for the state; returns what it refused with, or an empty text. */
    private String change(MemberPlacement member, String state, Deadline deadline) {
        return rest.changeState(member, state, deadline.atMost(config.requestTimeout()))
                .replaceWith("")
                .onFailure()
                .recoverWithItem(failure -> {
                    String refusal = member.member().pod() + " " + MemberRest.describe(failure);
                    LOG.infof("Change to %s: %s", state, refusal);
                    return "; " + refusal;
                })
                .await()
                .indefinitely();
    }

    private ClusterView await(List<MemberPlacement> members, Deadline deadline, Predicate<ClusterView> done) {
        return look(members, deadline)
                .repeat()
                .withDelay(config.pollInterval())
                .whilst(view -> !done.test(view) && !deadline.over())
                .collect()
                .last()
                .await()
                .indefinitely();
    }

    /** Asks all members at once; each answer is bounded, so awaiting all of them is. */
    private Uni<ClusterView> look(List<MemberPlacement> members, Deadline deadline) {
        return Uni.createFrom().deferred(() -> {
            Duration within = deadline.atMost(config.requestTimeout());
            List<Uni<ClusterView.Sight>> questions = members.stream()
                    .map(member -> rest.health(member, within)
                            .map(health -> new ClusterView.Sight(member, health, null))
                            .onFailure()
                            .recoverWithItem(failure -> new ClusterView.Sight(member, null, failure)))
                    .toList();
            return Uni.join().all(questions).andFailFast().map(ClusterView::new);
        });
    }

    private static void requireNoneRefused(ClusterView view) {
        view.sights().stream().filter(ClusterView.Sight::refused).findFirst().ifPresent(down -> {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN,
                    down.member().member() + " refuses connections at "
                            + down.member().address());
        });
    }

    /** Those who answer are enough where the others are down: what has died cannot be resumed. */
    private static boolean allWhoRun(ClusterView view) {
        return view.answered().findAny().isPresent()
                && view.sights().stream().allMatch(sight -> sight.answered() || sight.refused());
    }
}
