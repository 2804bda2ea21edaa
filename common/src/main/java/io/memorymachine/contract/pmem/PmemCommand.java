package io.memorymachine.contract.pmem;

import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberPlacement;

/**
 * What the pmem-service of one node is ordered to do with the members on that node.
 *
 * <p>{@code snapshotId} and {@code operation} are ids (UUIDs), not user-given names: they become directory names.
 */
public sealed interface PmemCommand extends Command {
    /** The node whose pmem-service executes this. */
    String node();

    @Override
    default String targetNode() {
        return node();
    }

    /**
     * Finds the members' processes and heaps and sets space aside; answered by {@link PmemReply.SpaceReserved}.
     *
     * @param encrypted whether the images will be encrypted, for which the node needs a key and more space
     */
    @TypeId("pmem.reserve.v1")
    record ReserveSpace(String node, String snapshotId, List<MemberPlacement> members, boolean encrypted)
            implements PmemCommand {
        /** Refuses what no sender means. */
        public ReserveSpace {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Names the heap files and writes their dirty pages back, so that the clone is cheap; the members run on. Answered by
     * {@link PmemReply.MembersPrepared}.
     */
    @TypeId("pmem.prepare.v1")
    record PrepareMembers(String node, String snapshotId, List<MemberPlacement> members) implements PmemCommand {
        /** Refuses what no sender means. */
        public PrepareMembers {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Has the node bring the application back to its state by itself when it has been at rest for as long as allowed, unless
     * {@link SealImages} of the same snapshot comes before. Sent before the application is brought to rest; answered by
     * {@link PmemReply.QuiesceGuarded}.
     */
    @TypeId("pmem.guard.v1")
    record GuardQuiesce(String node, String snapshotId, QuiesceGuard guard) implements PmemCommand {
        /** Refuses what no sender means. */
        public GuardQuiesce {
            Bounds.required("node", node);
            Bounds.present("guard", guard);
        }
    }

    /** Forgets the guard of an operation; answered by {@link PmemReply.QuiesceUnguarded}, also where there is none. */
    @TypeId("pmem.unguard.v1")
    record UnguardQuiesce(String node, String operation) implements PmemCommand {}

    /**
     * Freezes all members together, dumps and clones them, and lets them run on; answered by
     * {@link PmemReply.MembersCaptured}. If one fails, none is kept and all run on.
     */
    @TypeId("pmem.capture.v1")
    record CaptureMembers(String node, String snapshotId, List<MemberPlacement> members) implements PmemCommand {
        /** Refuses what no sender means. */
        public CaptureMembers {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Computes checksums and makes the images durable; answered by {@link PmemReply.ImagesSealed}.
     *
     * @param encrypted whether the images are encrypted first
     */
    @TypeId("pmem.seal.v1")
    record SealImages(String node, String snapshotId, List<MemberPlacement> members, boolean encrypted)
            implements PmemCommand {
        /** Refuses what no sender means. */
        public SealImages {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Removes everything that the node holds of a snapshot, finished or not, with its reservation; answered by
     * {@link PmemReply.ImagesDiscarded}, also where there is nothing.
     */
    @TypeId("pmem.discard.v1")
    record DiscardImages(String node, String snapshotId) implements PmemCommand {
        /** Refuses what no sender means. */
        public DiscardImages {
            Bounds.required("node", node);
        }
    }

    /**
     * Checks, without touching any member, that the images can be put back: every checksum, the CPU, the container image
     * and the free space. Answered by {@link PmemReply.ImagesVerified}.
     *
     * @param images what the catalogue says of this node's images
     * @param members the members as they run now
     */
    @TypeId("pmem.verify.v1")
    record VerifyImages(String node, String snapshotId, List<SealedImage> images, List<MemberPlacement> members)
            implements PmemCommand {
        /** Refuses what no sender means. */
        public VerifyImages {
            Bounds.required("node", node);
            images = Bounds.list("images", images);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Puts each member's image back into its placeholder and leaves it stopped; answered by
     * {@link PmemReply.MembersMaterialized}.
     *
     * @param operation the restore's id
     */
    @TypeId("pmem.materialize.v1")
    record MaterializeMembers(String node, String operation, String snapshotId, List<MemberPlacement> members)
            implements PmemCommand {
        /** Refuses what no sender means. */
        public MaterializeMembers {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Lets the materialized members run; answered by {@link PmemReply.MembersReleased}.
     *
     * @param guard what they are brought back to, once they are whole, should {@link UnguardQuiesce} not come in time: they
     *     were captured at rest; null where they were not
     */
    @TypeId("pmem.release.v1")
    record ReleaseMembers(String node, String operation, List<MemberPlacement> members, QuiesceGuard guard)
            implements PmemCommand {
        /** Refuses what no sender means. */
        public ReleaseMembers {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Ends whatever the operation still does on the node and removes what is half-done: a running capture is aborted and
     * its members run on, stopped members that were never released are ended. Sealed images stay. Answered by
     * {@link PmemReply.OperationAbandoned}.
     */
    @TypeId("pmem.abandon.v1")
    record AbandonOperation(String node, String operation, List<MemberPlacement> members) implements PmemCommand {
        /** Refuses what no sender means. */
        public AbandonOperation {
            Bounds.required("node", node);
            members = Bounds.list("members", members);
        }
    }
}
