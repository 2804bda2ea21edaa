package io.memorymachine.saga.state;

import java.time.Duration;
import java.time.Instant;

import io.memorymachine.failure.Failure;

/**
 * One step as it went.
 *
 * @param compensating whether it undid another step
 * @param endedAt null while it runs
 * @param attempts the highest attempt of any of its commands
 * @param failure null unless it failed
 */
public record StepRecord(
        String step,
        boolean compensating,
        Status status,
        Instant startedAt,
        Instant endedAt,
        int attempts,
        Failure failure) {
    /** How a step stands. */
    public enum Status {
        STARTED,
        FINISHED,
        FAILED
    }

    static StepRecord started(String step, boolean compensating, Instant now) {
        return new StepRecord(step, compensating, Status.STARTED, now, null, 1, null);
    }

    StepRecord ended(Instant now, Failure failure) {
        return new StepRecord(
                step,
                compensating,
                failure == null ? Status.FINISHED : Status.FAILED,
                startedAt,
                now,
                attempts,
                failure);
    }

    StepRecord attempted(int attempt) {
        return new StepRecord(step, compensating, status, startedAt, endedAt, Math.max(attempts, attempt), failure);
    }

    /** How long it took, in microseconds; 0 while it runs. */
    public long micros() {
        return endedAt == null ? 0 : Duration.between(startedAt, endedAt).toNanos() / 1_000;
    }
}
