package io.memorymachine.wire;

import java.io.Serial;

/** A message that can never be taken, however often it comes: it goes to the dead-letter topic with this as the reason. */
public final class MalformedMessageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** A refusal with what is wrong. */
    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
