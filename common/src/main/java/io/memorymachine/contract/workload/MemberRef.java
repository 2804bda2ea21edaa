package io.memorymachine.contract.workload;

import com.fasterxml.jackson.annotation.JsonIgnore;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * Names a member of a workload by its ordinal; its pod is called {@code workload-ordinal} at every incarnation.
 *
 * @param ordinal from 0
 */
public record MemberRef(WorkloadRef workload, int ordinal) {
    /** Refuses negative ordinals. */
    public MemberRef {
        if (workload == null || ordinal < 0) {
            throw new OperationFailedException(
                    FailureReason.INVALID_REQUEST, "A member needs a workload and an ordinal");
        }
    }

    /** The pod's name: {@code hz-0}. */
    @JsonIgnore
    public String pod() {
        return workload.name() + "-" + ordinal;
    }

    @Override
    public String toString() {
        return workload.namespace() + "/" + pod();
    }
}
