package io.memorymachine.failure;

import java.util.Objects;

/**
 * A failure as it is stored and sent.
 *
 * @param reason the stable code
 * @param message what happened, with the particulars, for a person; without secrets
 */
public record Failure(FailureReason reason, String message) {
    /** Longer messages are cut: they travel in replies and stand in rows. */
    public static final int LONGEST_MESSAGE = 4096;

    /** Refuses nulls; shortens the message and replaces what a database or a terminal could stumble over. */
    public Failure {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        message = printable(
                message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE - 3) + "..." : message);
    }

    private static String printable(String text) {
        return text.chars().anyMatch(Failure::disturbing)
                ? text.codePoints()
                        .map(c -> disturbing(c) ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean disturbing(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }

    /**
     * The failure that an exception stands for. Anything that is not foreseen is {@link FailureReason#INTERNAL}, without its
     * message: that may hold what a user should not see, and stands in the log.
     */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof OperationFailedException foreseen) {
            return new Failure(foreseen.reason(), foreseen.getMessage());
        }
        return new Failure(
                FailureReason.INTERNAL, "Unexpected " + thrown.getClass().getSimpleName() + ", see the service's log");
    }
}
