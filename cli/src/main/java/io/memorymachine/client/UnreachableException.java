package io.memorymachine.client;

import java.io.Serial;

/** A service gave no answer, or none that can be understood. */
public final class UnreachableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what was tried and what came of it. */
    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Likewise, where no exception is behind it. */
    public UnreachableException(String message) {
        super(message);
    }
}
