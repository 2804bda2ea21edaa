package io.memorymachine.failure;

import java.util.Objects;

/**
 * A failure as it is stored and sent.
 *
 * @param reason the stable code
 * @param message what happened, with the particulars, for a person; without secrets
 */
public record Failure(FailureReason reason, String message) {
    /** Refuses nulls. */
    public Failure {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /**
     * The failure that an exception stands for. Anything that is not foreseen is {@link FailureReason#INTERNAL}, without its
     * message: that may hold what a user should not see, and stands in the log.
     */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof OperationFailedException foreseen) {
            return new Failure(foreseen.reason(), foreseen.getMessage());
        }
        return new Failure(
                FailureReason.INTERNAL, "Unexpected " + thrown.getClass().getSimpleName() + ", see the service's log");
    }
}
