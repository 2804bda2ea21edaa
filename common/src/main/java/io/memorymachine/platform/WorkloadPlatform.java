package io.memorymachine.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * What runs the workloads: Kubernetes, or the single-machine runtime. All methods block; they are called on worker
 * threads.
 */
public interface WorkloadPlatform {
    /**
     * The workload as it is now.
     *
     * @throws io.memorymachine.failure.OperationFailedException WORKLOAD_NOT_FOUND
     */
    Workload find(WorkloadRef ref);

    /** All workloads that Memory Machine looks after. */
    List<Workload> list();

    /**
     * Destroys all members and starts new ones under the same names and with new addresses. Idempotent by operation:
     * members that this operation has recreated already are left alone, so after a crash the same call finishes the work.
     * Returns when every new member's first process runs. If it fails half-way, some members may be missing; a call with
     * the same or another operation repairs that.
     *
     * @param operation at most 63 of a-z, 0-9 and '-'
     * @param start what the new members do
     * @param nodes by ordinal, the node on which a member has to run, since it holds the member's image; others run anywhere
     * @throws io.memorymachine.failure.OperationFailedException WORKLOAD_NOT_FOUND, RECREATE_FAILED
     */
    Recreated recreate(WorkloadRef ref, String operation, MemberStart start, Map<Integer, String> nodes);

    /** As {@link #recreate(WorkloadRef, String, MemberStart, Map)}, for members that may run anywhere. */
    default Recreated recreate(WorkloadRef ref, String operation, MemberStart start) {
        return recreate(ref, operation, start, Map.of());
    }

    /** The members, of any workload, in which only an init waits for a process that nobody has put there yet. */
    List<Placeholder> placeholders();

    /**
     * Replaces placeholders by members of the same names that start their application; other members of the workload are
     * left alone, and so is one that is no placeholder any more or has been replaced meanwhile. If it fails half-way, a member
     * may be missing.
     *
     * @param members of one workload
     * @param operation as for {@link #recreate}, and new
     * @throws io.memorymachine.failure.OperationFailedException WORKLOAD_NOT_FOUND, RECREATE_FAILED
     */
    void startAfresh(WorkloadRef ref, List<MemberPlacement> members, String operation);

    /**
     * Whether the name of every member resolves to its current address inside every member.
     *
     * @return the names that do not resolve as they should yet, for the message; empty when all do
     */
    List<String> unresolvedNames(WorkloadRef ref, List<MemberPlacement> members);

    /** What a recreated member does first. */
    enum MemberStart {
        /** Runs only the init, which waits for a process to be put into the container. */
        PLACEHOLDER,
        /** Starts the application as the workload defines it. */
        APPLICATION
    }

    /**
     * A member that waits for a process.
     *
     * @param operation the operation that recreated it
     */
    record Placeholder(MemberPlacement member, String operation) {}

    /**
     * The outcome of a recreation.
     *
     * @param destroyedAt when the last of the old members had ended
     */
    record Recreated(List<MemberPlacement> members, Instant destroyedAt) {}
}
