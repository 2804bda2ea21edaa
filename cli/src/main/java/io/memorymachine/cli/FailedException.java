package io.memorymachine.cli;

import java.io.Serial;

/** A command found out that what it was asked for failed, or cannot be done. */
public final class FailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String reason;

    /** A failure with its reason code, which may be empty. */
    public FailedException(int exitCode, String reason, String message) {
        super(message);
        this.exitCode = exitCode;
        this.reason = reason;
    }

    int exitCode() {
        return exitCode;
    }

    String reason() {
        return reason;
    }
}
