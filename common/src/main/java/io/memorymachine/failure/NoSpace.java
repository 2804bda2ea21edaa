package io.memorymachine.failure;

import java.io.IOException;
import java.util.List;

/**
 * Finds out whether a full volume is behind a failure. The kernel's words are all there is to go by: Java has no class for
 * ENOSPC, and commands only write them.
 */
public final class NoSpace {
    /** strerror(3) of ENOSPC and EDQUOT. */
    private static final List<String> WORDS = List.of("No space left on device", "Disk quota exceeded");

    private NoSpace() {}

    /** Whether a command's output speaks of a full volume. */
    public static boolean isToldIn(String output) {
        return WORDS.stream().anyMatch(output::contains);
    }

    /**
     * The failure itself, or VOLUME_FULL where an {@link IOException} that speaks of a full volume is what caused it.
     * Refusals stay what they are.
     */
    public static Throwable translated(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OperationFailedException) {
                return failure;
            }
            if (cause instanceof IOException && isToldIn(String.valueOf(cause.getMessage()))) {
                return new OperationFailedException(FailureReason.VOLUME_FULL, cause.getMessage(), failure);
            }
        }
        return failure;
    }

    /** VOLUME_FULL where a command's output speaks of it, or else the other reason. */
    public static FailureReason or(FailureReason otherwise, String output) {
        return isToldIn(output) ? FailureReason.VOLUME_FULL : otherwise;
    }
}
