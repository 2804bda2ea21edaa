package io.memorymachine.pmem.fakes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.profile.QuiesceProfile;

/** Applications that have a state, answer at their present addresses only, and can be torn apart. */
@ApplicationScoped
public class FakeApplication implements QuiesceProfile {
    /** The name by which commands choose it. */
    public static final String NAME = "fake";

    private final Map<WorkloadRef, Cluster> clusters = new ConcurrentHashMap<>();

    /** The application of a workload, in a state, its members being these. */
    public void is(WorkloadRef workload, String state, List<MemberPlacement> members) {
        clusters.put(workload, new Cluster(state, List.copyOf(members), true));
    }

    /** The members of the workload do not see each other any more, or do again. */
    public void isWhole(WorkloadRef workload, boolean whole) {
        clusters.computeIfPresent(workload, (any, cluster) -> new Cluster(cluster.state, cluster.members, whole));
    }

    /** The state of the application of a workload. */
    public String state(WorkloadRef workload) {
        return clusters.get(workload).state;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String check(List<MemberPlacement> members, Duration timeout) {
        throw new UnsupportedOperationException("a node checks no application");
    }

    @Override
    public String quiesce(List<MemberPlacement> members, Duration timeout) {
        throw new UnsupportedOperationException("a node brings no application to rest");
    }

    @Override
    public void resume(List<MemberPlacement> members, String state, Duration timeout) {
        clusters.compute(workload(members), (any, cluster) -> {
            if (cluster == null || !cluster.members.equals(members)) {
                throw new OperationFailedException(FailureReason.RESUME_FAILED, "nobody answers at " + members);
            }
            return new Cluster(state, cluster.members, cluster.whole);
        });
    }

    @Override
    public Duration settling(int members, Duration clockJump) {
        return Duration.ZERO;
    }

    @Override
    public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
        if (!clusters.get(workload(members)).whole) {
            throw new OperationFailedException(FailureReason.NOT_WHOLE_AGAIN, "the members do not see each other");
        }
        resume(members, state, timeout);
        return state;
    }

    private static WorkloadRef workload(List<MemberPlacement> members) {
        return members.get(0).member().workload();
    }

    private record Cluster(String state, List<MemberPlacement> members, boolean whole) {}
}
