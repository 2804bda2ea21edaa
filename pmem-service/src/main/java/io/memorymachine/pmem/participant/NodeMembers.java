package io.memorymachine.pmem.participant;

import java.util.List;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.volume.PmemVolume;

/** The members on this node: their processes and their folders. Blocks. */
@ApplicationScoped
public class NodeMembers {
    private final NodePlatform platform;
    private final ProcFs proc;
    private final PmemVolume volume;

    @Inject
    NodeMembers(NodePlatform platform, ProcFs proc, PmemVolume volume) {
        this.platform = platform;
        this.proc = proc;
        this.volume = volume;
    }

    /**
     * The application's process of a member.
     *
     * @throws OperationFailedException MEMBER_DOWN, MEMBER_CHANGED
     */
    public MemberProcess process(MemberPlacement member) {
        return proc.application(platform.initPid(member));
    }

    /**
     * As {@link #process}, and its heap is on the volume.
     *
     * @throws OperationFailedException MEMBER_DOWN, MEMBER_CHANGED, HEAP_NOT_ON_VOLUME
     */
    public MemberProcess capturable(MemberPlacement member) {
        MemberProcess process = process(member);
        if (process.heap().isEmpty()) {
            throw new OperationFailedException(
                    FailureReason.HEAP_NOT_ON_VOLUME,
                    "The heap of " + member.member() + " is not on the pmem volume: start it with"
                            + " -XX:AllocateHeapAt=/mm/pmem/heap");
        }
        return process;
    }

    /** The process id, on the node, of a member's init. */
    public long initPid(MemberPlacement member) {
        return platform.initPid(member);
    }

    /** Notes that a process was put into the member, which was a placeholder. */
    public void filled(MemberPlacement member) {
        platform.filled(member);
    }

    /** The member's folder on the volume. */
    public LiveFolder live(MemberPlacement member) {
        return volume.layout().live(member.member());
    }

    /** Does the same for all members at once, each on a thread of its own; the first failure is thrown. */
    public static <T> List<T> forAll(List<MemberPlacement> members, Function<MemberPlacement, T> work) {
        return members.parallelStream().map(work).toList();
    }
}
