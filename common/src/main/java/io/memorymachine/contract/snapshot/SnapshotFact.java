package io.memorymachine.contract.snapshot;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;

/** What snapshot-service tells everybody. */
public sealed interface SnapshotFact extends Fact {
    /** A snapshot was asked for and accepted. */
    @TypeId("snapshot.requested-fact.v1")
    record Requested(String snapshotId, String name, WorkloadRef workload, Instant at) implements SnapshotFact {}

    /** The cluster is passive. */
    @TypeId("snapshot.quiesced-fact.v1")
    record Quiesced(String snapshotId, String name, Instant at) implements SnapshotFact {}

    /** All members are captured and run on. */
    @TypeId("snapshot.captured-fact.v1")
    record Captured(String snapshotId, String name, Instant at, long longestFrozenMicros) implements SnapshotFact {}

    /** The cluster is back in the state it had. */
    @TypeId("snapshot.resumed-fact.v1")
    record Resumed(String snapshotId, String name, Instant at, long pausedMicros) implements SnapshotFact {}

    /** The snapshot is sealed. */
    @TypeId("snapshot.completed-fact.v1")
    record Completed(
            String snapshotId, String name, WorkloadRef workload, Instant at, long totalBytes, long uniqueBytes)
            implements SnapshotFact {}

    /** There is no snapshot, and the cluster runs on. */
    @TypeId("snapshot.failed-fact.v1")
    record Failed(String snapshotId, String name, WorkloadRef workload, Instant at, Failure failure)
            implements SnapshotFact {}

    /** The snapshot is gone from the catalogue and from the nodes. */
    @TypeId("snapshot.deleted-fact.v1")
    record Deleted(String snapshotId, String name, Instant at) implements SnapshotFact {}

    /**
     * An inventory of a node ({@link io.memorymachine.contract.pmem.PmemFact.InventoryTaken}) was looked through.
     *
     * @param unknown ids of sealed snapshots that are in no catalogue: they are kept, since the catalogue may have been put
     *     back from an older backup
     * @param at when the inventory was taken
     */
    @TypeId("snapshot.inventory-checked-fact.v1")
    record InventoryChecked(String node, List<String> unknown, Instant at) implements SnapshotFact {}
}
