package io.memorymachine.contract.snapshot;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
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
     * @param encrypted whether its images are encrypted when they are sealed
     * @param onBehalfOf the restore that asks and holds the workload's lock, or null
     */
    @TypeId("snapshot.request.v1")
    record RequestSnapshot(
            String name, WorkloadRef workload, ProfileSettings profile, boolean encrypted, String onBehalfOf)
            implements SnapshotCommand {
        /** Refuses what no sender means. */
        public RequestSnapshot {
            Bounds.optional("name", name);
            Bounds.present("workload", workload);
            Bounds.present("profile", profile);
            Bounds.optional("onBehalfOf", onBehalfOf);
        }
    }

    /** Finds the members and where they run, and checks that they are whole and safe; answered by {@link SnapshotReply.MembersFound}. */
    @TypeId("snapshot.find-members.v1")
    record FindMembers(WorkloadRef workload, ProfileSettings profile) implements SnapshotCommand {
        /** Refuses what no sender means. */
        public FindMembers {
            Bounds.present("workload", workload);
            Bounds.present("profile", profile);
        }
    }

    /**
     * Makes the cluster passive under a lease; answered by {@link SnapshotReply.WorkloadQuiesced}.
     *
     * @param clusterState the state it was found in: what it returns to should everything else be forgotten
     * @param guardedUntil when the first node brings the cluster back by itself: the lease ends by then, and after it the
     *     cluster is not touched any more
     */
    @TypeId("snapshot.quiesce.v1")
    record QuiesceWorkload(
            String snapshotId,
            WorkloadRef workload,
            ProfileSettings profile,
            String clusterState,
            List<MemberPlacement> members,
            Instant guardedUntil)
            implements SnapshotCommand {
        /** Refuses what no sender means. */
        public QuiesceWorkload {
            Bounds.uuid("snapshotId", snapshotId);
            Bounds.present("workload", workload);
            Bounds.present("profile", profile);
            Bounds.optional("clusterState", clusterState);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Brings the cluster back to the state before the quiesce and ends the lease; answered by
     * {@link SnapshotReply.WorkloadResumed}, also where it was never quiesced.
     *
     * @param mustBeInTime refuse with QUIESCE_LEASE_EXPIRED if the lease has run out before: the capture was then not made
     *     under it from beginning to end
     */
    @TypeId("snapshot.resume.v1")
    record ResumeWorkload(String snapshotId, boolean mustBeInTime) implements SnapshotCommand {
        /** Refuses what no sender means. */
        public ResumeWorkload {
            Bounds.uuid("snapshotId", snapshotId);
        }
    }

    /**
     * Locks the workload for a restore, pins the snapshot against deletion and answers with its manifest:
     * {@link SnapshotReply.SnapshotHeld}.
     *
     * @param restoreId the holder
     * @param restoreName its name, for whoever finds the workload locked
     */
    @TypeId("snapshot.hold.v1")
    record HoldSnapshot(String name, String restoreId, String restoreName) implements SnapshotCommand {
        /** Refuses what no sender means. */
        public HoldSnapshot {
            Bounds.required("name", name);
            Bounds.required("restoreId", restoreId);
            Bounds.required("restoreName", restoreName);
        }
    }

    /** Ends a hold with its lock; answered by {@link SnapshotReply.SnapshotUnheld}, also where there is none. */
    @TypeId("snapshot.unhold.v1")
    record UnholdSnapshot(String restoreId) implements SnapshotCommand {
        /** Refuses what no sender means. */
        public UnholdSnapshot {
            Bounds.required("restoreId", restoreId);
        }
    }

    /**
     * Deletes a snapshot with its images; answered by {@link SnapshotReply.SnapshotDeleted} when they are gone, also where
     * there was none.
     *
     * @param onBehalfOf the restore whose hold does not stand in the way, or null
     */
    @TypeId("snapshot.delete.v1")
    record DeleteSnapshot(String name, String onBehalfOf) implements SnapshotCommand {
        /** Refuses what no sender means. */
        public DeleteSnapshot {
            Bounds.required("name", name);
            Bounds.optional("onBehalfOf", onBehalfOf);
        }
    }
}
