package io.memorymachine.pmem.participant.guard;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;

import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * A guard as it is kept on the volume.
 *
 * @param operation the snapshot or restore that it belongs to
 * @param onceWhole whether the application has to be whole first: that of a restore, whose members have yet to find each
 *     other, and would take each other for lost otherwise
 * @param due when the application is brought back
 * @param last whether that is the last time
 */
record KeptGuard(String operation, QuiesceGuard guard, boolean onceWhole, Instant due, boolean last) {
    @JsonIgnore
    WorkloadRef workload() {
        return guard.members().get(0).member().workload();
    }

    KeptGuard lastAt(Instant again) {
        return new KeptGuard(operation, guard, onceWhole, again, true);
    }
}
