package io.memorymachine.contract.snapshot;

import java.util.List;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;

/** What snapshot-service is ordered to do, by its own saga or by restore-service. */
public sealed interface SnapshotCommand extends Command {
    /**
     * Takes a snapshot; answered by {@link SnapshotReply.SnapshotTaken} when it is sealed.
     *
     * @param name the snapshot's name, an RFC 1123 label, unique
     * @param onBehalfOf the restore that asks and holds the workload's lock, or null
     */
    @TypeId("snapshot.request.v1")
    record RequestSnapshot(String name, WorkloadRef workload, ProfileSettings profile, String onBehalfOf)
            implements SnapshotCommand {}

    /** Finds the members and where they run; answered by {@link SnapshotReply.MembersFound}. */
    @TypeId("snapshot.find-members.v1")
    record FindMembers(WorkloadRef workload) implements SnapshotCommand {}

    /** Makes the cluster passive under a lease; answered by {@link SnapshotReply.WorkloadQuiesced}. */
    @TypeId("snapshot.quiesce.v1")
    record QuiesceWorkload(
            String snapshotId, WorkloadRef workload, ProfileSettings profile, List<MemberPlacement> members)
            implements SnapshotCommand {}

    /**
     * Brings the cluster back to the state before the quiesce and ends the lease; answered by
     * {@link SnapshotReply.WorkloadResumed}, also where it was never quiesced.
     */
    @TypeId("snapshot.resume.v1")
    record ResumeWorkload(String snapshotId) implements SnapshotCommand {}

    /**
     * Locks the workload for a restore, pins the snapshot against deletion and answers with its manifest:
     * {@link SnapshotReply.SnapshotHeld}.
     *
     * @param restoreId the holder
     */
    @TypeId("snapshot.hold.v1")
    record HoldSnapshot(String name, String restoreId) implements SnapshotCommand {}

    /** Ends a hold with its lock; answered by {@link SnapshotReply.SnapshotUnheld}, also where there is none. */
    @TypeId("snapshot.unhold.v1")
    record UnholdSnapshot(String restoreId) implements SnapshotCommand {}
}
