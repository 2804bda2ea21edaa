package io.memorymachine.contract.restore;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;

/** What restore-service is ordered to do by its own saga, or by anybody who asks for a restore. */
public sealed interface RestoreCommand extends Command {
    /**
     * Restores a snapshot; answered by {@link RestoreReply.RestoreDone} when the cluster is whole again.
     *
     * @param name the restore's name, an RFC 1123 label, unique
     * @param safetySnapshot whether what runs now is captured first, so that a failure can be rolled back
     */
    @TypeId("restore.request.v1")
    record RequestRestore(String name, String snapshot, boolean safetySnapshot) implements RestoreCommand {
        /** Refuses what no sender means. */
        public RequestRestore {
            Bounds.optional("name", name);
            Bounds.required("snapshot", snapshot);
        }
    }

    /**
     * Finds the members as they run now and checks that the workload can take the images: their number, the container image
     * and the heap. Answered by {@link RestoreReply.TargetsFound}.
     *
     * @param members how many members the snapshot has
     * @param images what the catalogue says of their images, one for each member
     */
    @TypeId("restore.find-targets.v1")
    record FindTargets(WorkloadRef workload, int members, List<SealedImage> images) implements RestoreCommand {
        /** Refuses what no sender means. */
        public FindTargets {
            Bounds.present("workload", workload);
            Bounds.size("members", members);
            images = images == null ? List.of() : Bounds.list("images", images);
        }
    }

    /**
     * Destroys the members and lets them come back under the same names as placeholders that wait for an image; answered
     * by {@link RestoreReply.MembersRecreated}. A repetition finds the placeholders of the same operation and leaves them.
     *
     * @param operation tells repetitions from new orders
     * @param nodes the node that holds the image of each member, in the order of their ordinals; empty in messages of a
     *     version that did not say
     */
    @TypeId("restore.recreate.v1")
    record RecreateMembers(String operation, WorkloadRef workload, int members, List<String> nodes)
            implements RestoreCommand {
        /** Refuses what no sender means. */
        public RecreateMembers {
            Bounds.required("operation", operation);
            Bounds.present("workload", workload);
            Bounds.size("members", members);
            nodes = nodes == null ? List.of() : Bounds.list("nodes", nodes);
            nodes.forEach(node -> Bounds.required("node", node));
        }
    }

    /**
     * Destroys the members and lets them come back as the workload defines them, empty: the last resort where there is no
     * image to roll back to. Answered by {@link RestoreReply.MembersRecreated}.
     */
    @TypeId("restore.restart.v1")
    record RestartMembers(String operation, WorkloadRef workload, int members) implements RestoreCommand {
        /** Refuses what no sender means. */
        public RestartMembers {
            Bounds.required("operation", operation);
            Bounds.present("workload", workload);
            Bounds.size("members", members);
        }
    }

    /** Waits until each member's name resolves to its new address in each member; {@link RestoreReply.NamesResolved}. */
    @TypeId("restore.resolve-names.v1")
    record ResolveNames(String operation, WorkloadRef workload, List<MemberPlacement> members)
            implements RestoreCommand {
        /** Refuses what no sender means. */
        public ResolveNames {
            Bounds.required("operation", operation);
            Bounds.present("workload", workload);
            members = Bounds.list("members", members);
        }
    }

    /**
     * Waits until the cluster is whole and safe and makes it active; answered by {@link RestoreReply.WorkloadWhole}.
     *
     * @param clusterState the state that the cluster is left in, or null for the profile's ordinary one
     * @param frozenAt wall clock at which the members were frozen, or null where nobody has noted it
     */
    @TypeId("restore.await-whole.v1")
    record AwaitWhole(
            String operation,
            WorkloadRef workload,
            ProfileSettings profile,
            String clusterState,
            Instant frozenAt,
            List<MemberPlacement> members)
            implements RestoreCommand {
        /** Refuses what no sender means. */
        public AwaitWhole {
            Bounds.required("operation", operation);
            Bounds.present("workload", workload);
            Bounds.present("profile", profile);
            Bounds.optional("clusterState", clusterState);
            members = Bounds.list("members", members);
        }
    }
}
