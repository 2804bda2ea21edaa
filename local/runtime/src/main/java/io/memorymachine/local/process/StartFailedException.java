package io.memorymachine.local.process;

import java.io.Serial;

/** Something of the system did not come up; the message is for the user and quotes what is known. */
public final class StartFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With a complete explanation. */
    public StartFailedException(String message) {
        super(message);
    }

    /** With the cause of the failure. */
    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
