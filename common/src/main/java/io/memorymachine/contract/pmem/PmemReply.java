package io.memorymachine.contract.pmem;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberRef;

/** What pmem-service answers. */
public sealed interface PmemReply extends Reply {
    /** The node that answers. */
    String node();

    /** Space is set aside. */
    @TypeId("pmem.reserved.v1")
    record SpaceReserved(String node, String snapshotId, long reservedBytes, CaptureMode mode) implements PmemReply {
        /** Refuses what no sender means. */
        public SpaceReserved {
            Bounds.required("node", node);
            Bounds.present("mode", mode);
        }
    }

    /** The heaps are flushed. */
    @TypeId("pmem.prepared.v1")
    record MembersPrepared(String node, String snapshotId, List<PreparedMember> members) implements PmemReply {
        /** Refuses what no sender means. */
        public MembersPrepared {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }

        /** One member: rounds of write-back, and bytes that were still dirty at the end (-1 where unknown). */
        public record PreparedMember(MemberRef member, int rounds, long dirtyBytes, long micros) {
            /** Refuses what no sender means. */
            public PreparedMember {
                Bounds.present("member", member);
            }
        }
    }

    /**
     * The node brings the application back to its state when the time is over.
     *
     * @param until by this node's clock; nobody may bring the application to rest after it
     */
    @TypeId("pmem.guarded.v1")
    record QuiesceGuarded(String node, String snapshotId, Instant until) implements PmemReply {
        /** Refuses what no sender means. */
        public QuiesceGuarded {
            Bounds.required("node", node);
            Bounds.present("until", until);
        }
    }

    /** The node leaves the application's state alone. */
    @TypeId("pmem.unguarded.v1")
    record QuiesceUnguarded(String node, String operation) implements PmemReply {}

    /** All members of the node are captured and run on. */
    @TypeId("pmem.captured.v1")
    record MembersCaptured(String node, String snapshotId, CaptureMode mode, List<CapturedMember> members)
            implements PmemReply {
        /** Refuses what no sender means. */
        public MembersCaptured {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * One member's capture.
     *
     * @param frozenAt wall clock at which its threads were stopped
     * @param frozenMicros for how long they were stopped, in microseconds
     * @param criuBytes size of CRIU's images
     * @param heapBytes size of the heap
     */
    record CapturedMember(MemberRef member, Instant frozenAt, long frozenMicros, long criuBytes, long heapBytes) {
        /** Refuses what no sender means. */
        public CapturedMember {
            Bounds.present("member", member);
            Bounds.size("frozenMicros", frozenMicros);
        }
    }

    /** The images are checked, durable and unchangeable. */
    @TypeId("pmem.sealed.v1")
    record ImagesSealed(String node, String snapshotId, List<SealedImage> images, Instant sealedAt)
            implements PmemReply {
        /** Refuses what no sender means. */
        public ImagesSealed {
            Bounds.required("node", node);
            images = Bounds.list("images", images);
            Bounds.present("sealedAt", sealedAt);
        }
    }

    /** Nothing is left of the snapshot on this node. */
    @TypeId("pmem.discarded.v1")
    record ImagesDiscarded(String node, String snapshotId, long freedBytes) implements PmemReply {}

    /** The images can be put back. */
    @TypeId("pmem.verified.v1")
    record ImagesVerified(String node, String snapshotId, long verifiedBytes) implements PmemReply {}

    /** The members are back in their placeholders, stopped. */
    @TypeId("pmem.materialized.v1")
    record MembersMaterialized(String node, String operation, List<MaterializedMember> members) implements PmemReply {
        /** Refuses what no sender means. */
        public MembersMaterialized {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }

        /** One member: how long it took to put it back. */
        public record MaterializedMember(MemberRef member, long micros) {
            /** Refuses what no sender means. */
            public MaterializedMember {
                Bounds.present("member", member);
            }
        }
    }

    /** The members run. */
    @TypeId("pmem.released.v1")
    record MembersReleased(String node, String operation, Instant releasedAt) implements PmemReply {
        /** Refuses what no sender means. */
        public MembersReleased {
            Bounds.required("node", node);
            Bounds.present("releasedAt", releasedAt);
        }
    }

    /** The operation does nothing more on this node. */
    @TypeId("pmem.abandoned.v1")
    record OperationAbandoned(String node, String operation) implements PmemReply {}
}
