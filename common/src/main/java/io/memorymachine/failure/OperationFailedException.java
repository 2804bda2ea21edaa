package io.memorymachine.failure;

import java.io.Serial;
import java.util.Objects;

/**
 * A refusal or failure that the product foresees: it becomes a failure reply, a saga's failure or an HTTP problem, and
 * is no defect. Defects are other runtime exceptions.
 */
public final class OperationFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureReason reason;
    private final boolean retryable;

    /** A permanent failure: repeating the same command would fail again. */
    public OperationFailedException(FailureReason reason, String message) {
        this(reason, message, false, null);
    }

    /** A permanent failure with its cause. */
    public OperationFailedException(FailureReason reason, String message, Throwable cause) {
        this(reason, message, false, cause);
    }

    private OperationFailedException(FailureReason reason, String message, boolean retryable, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.retryable = retryable;
    }

    /** A failure that may pass by itself (a peer is away, a lock is held): the saga's retry policy applies. */
    public static OperationFailedException transientFailure(FailureReason reason, String message, Throwable cause) {
        return new OperationFailedException(reason, message, true, cause);
    }

    /** The stable reason code; never null. */
    public FailureReason reason() {
        return reason;
    }

    /** Whether the same command may succeed when it is repeated. */
    public boolean retryable() {
        return retryable;
    }
}
