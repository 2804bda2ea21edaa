package io.memorymachine.local.chaos;

import java.io.Serial;

/** The matrix cannot go on; the message is for the user. */
public final class ChaosException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With a complete explanation. */
    public ChaosException(String message) {
        super(message);
    }

    /** With the cause. */
    public ChaosException(String message, Throwable cause) {
        super(message, cause);
    }
}
