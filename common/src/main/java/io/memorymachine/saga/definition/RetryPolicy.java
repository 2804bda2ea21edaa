package io.memorymachine.saga.definition;

import java.time.Duration;

/**
 * How often a command is sent, and how long to wait after a failure that may pass.
 *
 * @param attempts sendings in all, at least 1
 * @param backoff the wait before the second attempt; it doubles with each further one, up to {@link #LONGEST_BACKOFF}
 */
public record RetryPolicy(int attempts, Duration backoff) {
    /** No wait is longer than this. */
    public static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** One attempt only. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO);

    /** Refuses fewer than one attempt and negative waits. */
    public RetryPolicy {
        if (attempts < 1 || backoff.isNegative()) {
            throw new IllegalArgumentException("attempts " + attempts + ", backoff " + backoff);
        }
    }

    /** Whether another attempt may follow the given one, which counts from 1. */
    public boolean allowsAfter(int attempt) {
        return attempt < attempts;
    }

    /** The wait after the given attempt, which counts from 1. */
    public Duration waitAfter(int attempt) {
        Duration wait = backoff.multipliedBy(1L << Math.min(attempt - 1, 16));
        return wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
    }
}
