package io.memorymachine.cli;

import io.memorymachine.client.ProblemException;

/** The exit statuses. They are documented and never change their meaning. */
public final class ExitCode {
    /** What was asked for has been done. */
    public static final int OK = 0;

    /** An error that none of the others describes. */
    public static final int FAILED = 1;

    /** The command line is wrong, or the service does not accept the request (HTTP 400, 413). */
    public static final int USAGE = 2;

    /** There is no such thing (HTTP 404, 410). */
    public static final int NOT_FOUND = 3;

    /** Refused as things are now: busy, in use, exists already, full (HTTP 409, 422, 507). */
    public static final int CONFLICT = 4;

    /** The caller may not, or the licence does not cover it (HTTP 401, 403). */
    public static final int FORBIDDEN = 5;

    /** A service does not answer or cannot now (HTTP 429, 502, 503, 504). */
    public static final int UNAVAILABLE = 6;

    /** The operation began and failed, was cancelled or was rolled back. */
    public static final int OPERATION_FAILED = 7;

    private ExitCode() {}

    /** The status for a refusal. */
    static int of(ProblemException refused) {
        return switch (refused.status()) {
            case 400, 405, 413, 415 -> USAGE;
            case 404, 410 -> NOT_FOUND;
            case 409, 422, 507 -> CONFLICT;
            case 401, 403 -> FORBIDDEN;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> FAILED;
        };
    }
}
