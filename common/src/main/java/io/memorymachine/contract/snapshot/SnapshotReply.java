package io.memorymachine.contract.snapshot;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberPlacement;

/** What snapshot-service answers. */
public sealed interface SnapshotReply extends Reply {
    /** The snapshot is sealed. */
    @TypeId("snapshot.taken.v1")
    record SnapshotTaken(SnapshotManifest manifest) implements SnapshotReply {
        /** Refuses what no sender means. */
        public SnapshotTaken {
            Bounds.present("manifest", manifest);
        }
    }

    /**
     * The members, one for each replica, in the order of their ordinals.
     *
     * @param clusterState the state the application is in now, or null where it is not to be quiesced
     * @param heapBytes the sum of the members' maximal heaps, an estimate of what a snapshot adds
     */
    @TypeId("snapshot.members-found.v1")
    record MembersFound(List<MemberPlacement> members, long heapBytes, String clusterState) implements SnapshotReply {
        /** Refuses what no sender means. */
        public MembersFound {
            members = Bounds.list("members", members);
            Bounds.size("heapBytes", heapBytes);
            Bounds.optional("clusterState", clusterState);
        }
    }

    /** The cluster is passive; {@code previousState} is what it returns to. */
    @TypeId("snapshot.quiesced.v1")
    record WorkloadQuiesced(String snapshotId, String previousState, Instant at, Instant leaseUntil)
            implements SnapshotReply {
        /** Refuses what no sender means. */
        public WorkloadQuiesced {
            Bounds.optional("previousState", previousState);
            Bounds.present("at", at);
        }
    }

    /** The cluster is as it was before the quiesce; {@code pausedMicros} is 0 where it never was quiesced. */
    @TypeId("snapshot.resumed.v1")
    record WorkloadResumed(String snapshotId, String state, Instant at, long pausedMicros) implements SnapshotReply {
        /** Refuses what no sender means. */
        public WorkloadResumed {
            Bounds.optional("state", state);
            Bounds.size("pausedMicros", pausedMicros);
        }
    }

    /** The snapshot is pinned and the workload locked. */
    @TypeId("snapshot.held.v1")
    record SnapshotHeld(String restoreId, SnapshotManifest manifest) implements SnapshotReply {
        /** Refuses what no sender means. */
        public SnapshotHeld {
            Bounds.present("manifest", manifest);
        }
    }

    /** The restore holds nothing any more. */
    @TypeId("snapshot.unheld.v1")
    record SnapshotUnheld(String restoreId) implements SnapshotReply {}

    /** The snapshot is gone. */
    @TypeId("snapshot.deleted.v1")
    record SnapshotDeleted(String name) implements SnapshotReply {}
}
