package io.memorymachine.wire;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Message;

/**
 * A message as it was received.
 *
 * @param id the CloudEvents id
 * @param correlation null for facts
 * @param node the node that it is meant for, or null
 * @param message null where this version does not know the type, or where it is for another node: then it was not decoded
 * @param wireType the CloudEvents type
 * @param traceparent W3C trace context, or null
 */
public record Envelope(
        String id, String wireType, Correlation correlation, String node, Message message, String traceparent) {}
