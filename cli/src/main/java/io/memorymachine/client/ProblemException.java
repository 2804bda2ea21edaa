package io.memorymachine.client;

import java.io.Serial;

/** A service refused a request with a problem document (RFC 9457). */
public final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /** A refusal with its stable reason code, which is empty where the answer was no problem document of ours. */
    public ProblemException(int status, String reason, String detail) {
        super(detail);
        this.status = status;
        this.reason = reason;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The stable reason code, or empty. */
    public String reason() {
        return reason;
    }
}
