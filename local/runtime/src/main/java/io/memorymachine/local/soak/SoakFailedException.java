package io.memorymachine.local.soak;

import java.io.Serial;

/** The endurance run cannot go on; the message is for the user. */
public final class SoakFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With a complete explanation. */
    public SoakFailedException(String message) {
        super(message);
    }

    /** With the cause. */
    public SoakFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
