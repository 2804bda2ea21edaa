package io.memorymachine.snapshot.fakes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

/** Runs {@link FakeCluster}s. */
@Alternative
@Priority(1)
@ApplicationScoped
public class FakePlatform implements WorkloadPlatform {
    private final Map<WorkloadRef, FakeCluster> clusters = new ConcurrentHashMap<>();

    /** A cluster whose members run, in the given state. */
    public FakeCluster runs(WorkloadRef ref, int members, String state) {
        FakeCluster cluster = new FakeCluster(ref, members, state);
        clusters.put(ref, cluster);
        return cluster;
    }

    /**
     * The cluster of a workload.
     *
     * @throws OperationFailedException WORKLOAD_NOT_FOUND
     */
    public FakeCluster cluster(WorkloadRef ref) {
        FakeCluster cluster = clusters.get(ref);
        if (cluster == null) {
            throw new OperationFailedException(FailureReason.WORKLOAD_NOT_FOUND, "There is no workload " + ref);
        }
        return cluster;
    }

    /** The workload is deleted; its cluster is what its members left it. */
    public void loses(WorkloadRef ref) {
        clusters.remove(ref);
    }

    /** A node forgets a snapshot, whichever cluster it is of. */
    void discard(String node, String snapshotId) {
        clusters.values().forEach(cluster -> cluster.discard(node, snapshotId));
    }

    @Override
    public Workload find(WorkloadRef ref) {
        return cluster(ref).describe();
    }

    @Override
    public List<Workload> list() {
        return clusters.values().stream().map(FakeCluster::describe).toList();
    }

    @Override
    public Recreated recreate(WorkloadRef ref, String operation, MemberStart start, Map<Integer, String> nodes) {
        throw new UnsupportedOperationException("a snapshot recreates nothing");
    }

    @Override
    public List<Placeholder> placeholders() {
        throw new UnsupportedOperationException("a snapshot meets no placeholders");
    }

    @Override
    public void startAfresh(WorkloadRef ref, List<MemberPlacement> members, String operation) {
        throw new UnsupportedOperationException("a snapshot starts nothing");
    }

    @Override
    public List<String> unresolvedNames(WorkloadRef ref, List<MemberPlacement> members) {
        throw new UnsupportedOperationException("a snapshot resolves nothing");
    }
}
