package io.memorymachine.contract.restore;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberPlacement;

/** What restore-service answers. */
public sealed interface RestoreReply extends Reply {
    /** The restore has completed. */
    @TypeId("restore.done.v1")
    record RestoreDone(String restoreId, String name) implements RestoreReply {}

    /** The members that the restore will replace. */
    @TypeId("restore.targets-found.v1")
    record TargetsFound(List<MemberPlacement> members) implements RestoreReply {
        /** Refuses what no sender means. */
        public TargetsFound {
            members = Bounds.list("members", members);
        }
    }

    /** The new incarnations of the members, and when the old ones were gone. */
    @TypeId("restore.recreated.v1")
    record MembersRecreated(String operation, List<MemberPlacement> members, Instant destroyedAt)
            implements RestoreReply {
        /** Refuses what no sender means. */
        public MembersRecreated {
            members = Bounds.list("members", members);
        }
    }

    /** All names resolve to the new addresses in all members. */
    @TypeId("restore.names-resolved.v1")
    record NamesResolved(String operation, Instant at) implements RestoreReply {}

    /** The cluster is whole and safe. */
    @TypeId("restore.whole.v1")
    record WorkloadWhole(String operation, String clusterState, int members, Instant at) implements RestoreReply {}
}
