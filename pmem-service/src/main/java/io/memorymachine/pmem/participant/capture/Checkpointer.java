package io.memorymachine.pmem.participant.capture;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.pmem.CaptureMode;

/** Freezes members, puts them into images and lets them run on. Its methods block. */
public interface Checkpointer {
    /**
     * Does all that a capture needs and that lets the members run, so that none of it is done while applications wait. The
     * folders of the images must not exist when the capture begins.
     *
     * <p>All or nothing, as for {@link ArmedCapture#capture}.
     *
     * @throws io.memorymachine.failure.OperationFailedException HEAP_NOT_ON_VOLUME, MEMBER_DOWN, CRIU_FAILED,
     *     CLONE_UNSUPPORTED, CAPTURE_TIMEOUT, or CANCELLED when interrupted
     */
    ArmedCapture arm(List<CaptureTarget> targets, CaptureMode mode);

    /**
     * Captures at once what was not armed before.
     *
     * @param timeout as for {@link ArmedCapture#capture}
     * @throws io.memorymachine.failure.OperationFailedException as both do
     */
    List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode, Duration timeout);
}
