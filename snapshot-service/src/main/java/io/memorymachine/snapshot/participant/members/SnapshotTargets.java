package io.memorymachine.snapshot.participant.members;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

/** Finds workloads that can be captured. Blocks. */
@ApplicationScoped
public class SnapshotTargets {
    private final WorkloadPlatform platform;

    @Inject
    SnapshotTargets(WorkloadPlatform platform) {
        this.platform = platform;
    }

    /**
     * The workload, with all its members up.
     *
     * @throws OperationFailedException WORKLOAD_NOT_FOUND, MEMBER_DOWN
     */
    public Workload complete(WorkloadRef ref) {
        Workload workload = platform.find(ref);
        int up = workload.members().size();
        if (up == 0 || up < workload.replicas()) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN,
                    "Of " + workload.replicas() + " members of " + ref + " only " + up + " are running");
        }
        return workload;
    }
}
