package io.memorymachine.contract.envelope;

import java.util.Objects;

/**
 * Where a command or reply belongs: CloudEvents extension attributes on the wire.
 *
 * @param sagaId the saga that sent the command
 * @param step the step's name in its definition
 * @param commandKey identifies the command whatever the attempt: {@code sagaId/step/target}. A participant executes a
 *     key once in effect and repeats its recorded reply.
 * @param attempt 1 for the first sending
 * @param replyTo the topic that the reply goes to
 */
public record Correlation(String sagaId, String step, String commandKey, int attempt, String replyTo) {
    /** Refuses nulls and attempts below 1. */
    public Correlation {
        Objects.requireNonNull(sagaId, "sagaId");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(commandKey, "commandKey");
        Objects.requireNonNull(replyTo, "replyTo");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt " + attempt + " is below 1");
        }
    }
}
