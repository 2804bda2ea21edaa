package io.memorymachine.participant;

import io.memorymachine.contract.envelope.Correlation;

/**
 * What is known of a command beside its content.
 *
 * @param correlation where it came from
 * @param traceparent W3C trace context, or null
 */
public record CommandContext(Correlation correlation, String traceparent) {
    /** Identifies the command whatever the attempt. */
    public String commandKey() {
        return correlation.commandKey();
    }
}
