package io.memorymachine.platform;

import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;

/** What one node knows of the members that run on it. Its methods block. */
public interface NodePlatform {
    /** The name of this node, as it stands in {@link MemberPlacement#node()}. */
    String node();

    /**
     * The id, in the host's PID namespace, of the first process (the init) of a member's container.
     *
     * @throws io.memorymachine.failure.OperationFailedException MEMBER_DOWN where it does not run, MEMBER_CHANGED where
     *     another incarnation runs
     */
    long initPid(MemberPlacement member);

    /**
     * Notes that a process was put into a placeholder, where the platform does not see that by itself; repeated, it changes
     * nothing.
     */
    default void filled(MemberPlacement member) {}

    /** The members on this node that run now. */
    List<MemberPlacement> members();
}
