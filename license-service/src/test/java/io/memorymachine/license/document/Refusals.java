package io.memorymachine.license.document;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Asserts that something is refused for a reason. */
public final class Refusals {
    private Refusals() {}

    /** Asserts it and returns the refusal. */
    public static OperationFailedException assertRefused(FailureReason reason, ThrowingCallable call) {
        OperationFailedException refusal = catchThrowableOfType(OperationFailedException.class, call);
        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        return refusal;
    }
}
