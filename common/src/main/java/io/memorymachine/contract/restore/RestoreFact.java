package io.memorymachine.contract.restore;

import java.time.Instant;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;

/** What restore-service tells everybody. */
public sealed interface RestoreFact extends Fact {
    /** The restore's name. */
    String name();

    /** A restore was asked for and accepted. */
    @TypeId("restore.requested-fact.v1")
    record Requested(String restoreId, String name, String snapshot, WorkloadRef workload, Instant at)
            implements RestoreFact {}

    /** The members were destroyed and are back as placeholders. */
    @TypeId("restore.pods-recreated-fact.v1")
    record PodsRecreated(String restoreId, String name, Instant at) implements RestoreFact {}

    /** All members were let run together. */
    @TypeId("restore.released-fact.v1")
    record Released(String restoreId, String name, Instant at) implements RestoreFact {}

    /** The cluster is whole, safe and active. */
    @TypeId("restore.completed-fact.v1")
    record Completed(String restoreId, String name, String snapshot, WorkloadRef workload, Instant at)
            implements RestoreFact {}

    /** The restore failed; what ran before runs on untouched, or see the failure. */
    @TypeId("restore.failed-fact.v1")
    record Failed(String restoreId, String name, WorkloadRef workload, Instant at, Failure failure)
            implements RestoreFact {}

    /** The restore failed after members had been destroyed, and the safety snapshot was put back. */
    @TypeId("restore.rolled-back-fact.v1")
    record RolledBack(String restoreId, String name, WorkloadRef workload, Instant at, Failure failure)
            implements RestoreFact {}
}
