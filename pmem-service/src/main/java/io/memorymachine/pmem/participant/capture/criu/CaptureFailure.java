package io.memorymachine.pmem.participant.capture.criu;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.NoSpace;
import io.memorymachine.failure.OperationFailedException;

/** Why a dump failed, in the terms of the product. */
final class CaptureFailure {
    private CaptureFailure() {}

    /** The failure that an exception of {@link MemberDump#run} stands for; {@code errors} are CRIU's last. */
    static OperationFailedException of(String name, Throwable thrown, String errors) {
        if (thrown instanceof OperationFailedException foreseen) {
            return foreseen;
        }
        if (thrown instanceof TimeoutException) {
            return new OperationFailedException(
                    FailureReason.CAPTURE_TIMEOUT, "the capture of " + name + " took too long: " + errors, thrown);
        }
        if (thrown instanceof InterruptedException) {
            return new OperationFailedException(
                    FailureReason.CANCELLED, "the capture was cancelled; all members run on", thrown);
        }
        FailureReason reason = String.valueOf(thrown.getMessage()).contains("FICLONE is not supported")
                ? FailureReason.CLONE_UNSUPPORTED
                : NoSpace.or(FailureReason.CRIU_FAILED, thrown.getMessage() + errors);
        // CRIU's end closes the channel on which its hook is awaited.
        String what = thrown instanceof ClosedChannelException ? "CRIU gave up" : thrown.getMessage();
        return new OperationFailedException(
                reason, "the capture of " + name + " failed: " + what + ": " + errors, thrown);
    }
}
