package io.memorymachine.restore.admission;

import java.io.Serial;

/** An image's configuration cannot be had; the message says why. */
public final class UnresolvedImageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what the user is told. */
    public UnresolvedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
