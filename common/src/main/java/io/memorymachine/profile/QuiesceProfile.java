package io.memorymachine.profile;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;

/**
 * How one kind of application is brought to rest and back. All that talks to the application stands behind this port. Its
 * methods block, each at most as long as the given time-out, and run on worker threads.
 */
public interface QuiesceProfile {
    /** The name by which users choose it. */
    String name();

    /**
     * Brings the application to rest.
     *
     * @return the state before, for {@link #resume}
     * @throws io.memorymachine.failure.OperationFailedException QUIESCE_FAILED or CLUSTER_NOT_SAFE; the application is
     *     then in the state that it had
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
     * Waits until the application is whole and safe with all the given members and leaves it in the given state.
     *
     * @param state null for the profile's ordinary state
     * @return the state that it is left in
     * @throws io.memorymachine.failure.OperationFailedException NOT_WHOLE_AGAIN with what is missing
     */
    String awaitWhole(List<MemberPlacement> members, String state, Duration timeout);
}
