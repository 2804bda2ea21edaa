package io.memorymachine.platform.local;

import java.io.Serial;

/** A tool of the host or its file system refused what the single-machine runtime needs; the message quotes it. */
public final class LocalPlatformException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    LocalPlatformException(String message) {
        super(message);
    }

    LocalPlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
