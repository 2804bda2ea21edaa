package io.memorymachine.pmem.participant.materialize;

import java.time.Duration;
import java.util.List;

import io.memorymachine.pmem.member.LiveFolder;

/** Puts members back from their images into placeholders: containers whose init only waits. Its methods block. */
public interface Materializer {
    /**
     * Restores every target, stopped: no instruction of the application runs before {@link #release}. A target that was
     * materialized before is left as it is, so a repeated call finishes the work.
     *
     * <p>If one fails, others may be there, stopped; {@link #abandon} ends them.
     *
     * @param timeout for each member
     * @return one outcome for each target, in their order
     * @throws io.memorymachine.failure.OperationFailedException MATERIALIZE_FAILED with CRIU's own words, MEMBER_DOWN where
     *     a placeholder does not run, IMAGE_MISSING, IMAGE_CORRUPT, VOLUME_FULL
     */
    List<MaterializeOutcome> materialize(List<MaterializeTarget> targets, Duration timeout);

    /**
     * Lets restored members run; one that runs already is left alone.
     *
     * @param initPids the host's PIDs of their containers' inits
     * @throws io.memorymachine.failure.OperationFailedException MEMBER_DOWN where one has ended
     */
    void release(List<Long> initPids);

    /**
     * Ends a member that was materialized and not released, and removes what is left of a materialization; its container
     * ends too. A member that runs is left alone.
     */
    void abandon(long initPid, LiveFolder live);
}
