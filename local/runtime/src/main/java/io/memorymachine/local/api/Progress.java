package io.memorymachine.local.api;

import java.time.Instant;

import io.memorymachine.failure.Failure;

/**
 * A saga's progress as it is streamed.
 *
 * @param sequence counts up within the saga
 * @param step null where the saga as a whole changed
 * @param status of the step ({@code started}, {@code finished}, {@code failed}, {@code retried}), else the saga's phase
 */
public record Progress(int sequence, String step, String status, Instant at, long micros, Failure failure) {}
