package io.memorymachine.saga.state;

import java.time.Instant;

/**
 * A command that is not settled.
 *
 * @param target the command's target within its step
 * @param attempt the last attempt that was sent, from 1
 * @param awaitingReply true while a reply is awaited until {@code due}; false while the next attempt waits until then
 */
public record Outstanding(String target, int attempt, boolean awaitingReply, Instant due) {}
