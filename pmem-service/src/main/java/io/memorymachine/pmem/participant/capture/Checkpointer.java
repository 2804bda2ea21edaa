package io.memorymachine.pmem.participant.capture;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.pmem.CaptureMode;

/** Freezes members, puts them into images and lets them run on. Its methods block. */
public interface Checkpointer {
    /**
     * Captures all targets at one moment: none is frozen before all can be, none runs on before all are frozen.
     *
     * <p>All or nothing. If one fails, or the calling thread is interrupted, every member runs on unharmed, and nothing of
     * this capture remains but the logs. The folders of the images must not exist before; afterwards they hold
     * {@code criu/}, {@code heap/} and, where the container changed files, {@code upper.tar}, not yet durable.
     *
     * @param timeout for everything, from the start to the last member running on
     * @return one outcome for each target, in their order
     * @throws io.memorymachine.failure.OperationFailedException HEAP_NOT_ON_VOLUME, MEMBER_DOWN, CRIU_FAILED,
     *     CLONE_UNSUPPORTED, CAPTURE_TIMEOUT, or CANCELLED when interrupted
     */
    List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode, Duration timeout);
}
