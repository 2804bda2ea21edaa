package io.memorymachine.local.demo;

import java.io.Serial;

/** The demonstration cannot go on; the message says why, for the user. */
public final class DemoFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With a complete explanation. */
    public DemoFailedException(String message) {
        super(message);
    }
}
