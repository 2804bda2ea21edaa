package io.memorymachine.profile;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;

/**
 * How one kind of application is brought to rest and back. All that talks to the application stands behind this port. Its
 * methods block, each at most about as long as the given time-out, and run on worker threads.
 */
public interface QuiesceProfile {
    /** The name by which users choose it. */
    String name();

    /**
     * Waits until the application is whole and safe, without changing it. It also opens the connections that
     * {@link #quiesce} will use, so that the pause begins with one quick request.
     *
     * @return the state that the application is in. Note it before {@link #quiesce}: a process that dies after the
     *     quiesce can learn it from nowhere else
     * @throws io.memorymachine.failure.OperationFailedException MEMBER_DOWN at once where a member refuses connections, or
     *     after the time-out where it does not answer; CLUSTER_NOT_SAFE after the time-out
     */
    String check(List<MemberPlacement> members, Duration timeout);

    /**
     * Brings the application to rest.
     *
     * @return the state before, for {@link #resume}
     * @throws io.memorymachine.failure.OperationFailedException QUIESCE_FAILED; the application is then in the state that
     *     it had, unless the message says that this failed as well
     */
    String quiesce(List<MemberPlacement> members, Duration timeout);

    /**
     * Brings the application back to a state; idempotent.
     *
     * @param state what {@link #quiesce} returned
     * @throws io.memorymachine.failure.OperationFailedException RESUME_FAILED
     */
    void resume(List<MemberPlacement> members, String state, Duration timeout);

    /**
     * For how long after their release restored members are not to be asked for a change, since they have to get over the
     * jump of their wall clocks first.
     *
     * @param members how many they are
     * @param clockJump how old their memory is
     * @return zero where they can be asked at once
     */
    Duration settling(int members, Duration clockJump);

    /**
     * Waits until the application is whole and safe with all the given members and leaves it in the given state.
     *
     * @param state null for the profile's ordinary state
     * @param settling for how long, from now on, no change is asked for; shorter than the time-out
     * @return the state that it is left in
     * @throws io.memorymachine.failure.OperationFailedException NOT_WHOLE_AGAIN with what is missing
     */
    String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout);
}
