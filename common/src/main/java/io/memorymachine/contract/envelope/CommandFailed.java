package io.memorymachine.contract.envelope;

import io.memorymachine.failure.Failure;

/**
 * The participant did not do what the command asked for and has left nothing half-done.
 *
 * @param failure why
 * @param retryable whether repeating the command may help
 */
@TypeId("command-failed.v1")
public record CommandFailed(Failure failure, boolean retryable) implements Reply {
    /** Refuses what no sender means. */
    public CommandFailed {
        Bounds.present("failure", failure);
    }
}
