package io.memorymachine.pmem.participant.capture;

import java.time.Duration;
import java.util.List;

/**
 * A capture that only has to be told to go. Until then the members run as if there were none. It does not wait for ever:
 * after half a minute, or when this process dies, it gives up by itself.
 */
public interface ArmedCapture extends AutoCloseable {
    /** Whom it captures. */
    List<CaptureTarget> targets();

    /** Whether it still waits to be told; false once it was told, was closed, or has given up. */
    boolean waits();

    /**
     * Captures all targets at one moment: none is frozen before all can be, none runs on before all are frozen. Once.
     *
     * <p>All or nothing. If one fails, or the calling thread is interrupted, every member runs on unharmed, and nothing of
     * this capture remains but the logs. Afterwards the folders of the images hold {@code criu/}, {@code heap/} and, where
     * the container changed files, {@code upper.tar}, not yet durable.
     *
     * @param timeout for everything, until the last member runs on
     * @return one outcome for each target, in their order
     * @throws io.memorymachine.failure.OperationFailedException MEMBER_DOWN, CRIU_FAILED, CLONE_UNSUPPORTED,
     *     CAPTURE_TIMEOUT, or CANCELLED when interrupted
     */
    List<CaptureOutcome> capture(Duration timeout);

    /** Gives up what was not carried out; nothing of it remains. Any number of times. */
    @Override
    void close();
}
