package io.memorymachine.local.demo;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the longest time between two successes of a client, and its errors, apart for each phase. A gap that reaches
 * into several phases counts in full for each of them. Thread-safe.
 */
public final class StallClock {
    private final Map<Phase, Longest> longest = new EnumMap<>(Phase.class);
    private final Set<Phase> sinceLastSuccess = EnumSet.noneOf(Phase.class);
    private Phase phase = Phase.STEADY;
    private long lastSuccessNanos;

    /** Starts in {@link Phase#STEADY} with a success now. */
    public StallClock(long nowNanos) {
        lastSuccessNanos = nowNanos;
        enter(Phase.STEADY);
    }

    /** A phase begins. */
    public final synchronized void enter(Phase next) {
        phase = next;
        sinceLastSuccess.add(next);
        longest.computeIfAbsent(next, any -> new Longest());
    }

    /** An operation succeeded. */
    public synchronized void success(long nowNanos) {
        longest.get(phase).operations++;
        close(nowNanos);
        sinceLastSuccess.clear();
        sinceLastSuccess.add(phase);
        lastSuccessNanos = nowNanos;
    }

    /** An operation failed. */
    public synchronized void error(String kind) {
        longest.get(phase).errors.merge(kind, 1L, Long::sum);
    }

    /** What was read was not what had been written and confirmed before. */
    public synchronized void wrongRead() {
        longest.get(phase).wrongReads++;
    }

    /**
     * What was seen in a phase until now, the gap that is open included.
     *
     * @param nowNanos the present time
     */
    public synchronized Stall stall(Phase asked, long nowNanos) {
        Longest seen = longest.getOrDefault(asked, new Longest());
        long open = sinceLastSuccess.contains(asked) ? nowNanos - lastSuccessNanos : 0;
        return new Stall(
                seen.operations, Math.max(seen.gapNanos, open) / 1000, new TreeMap<>(seen.errors), seen.wrongReads);
    }

    private void close(long nowNanos) {
        for (Phase touched : sinceLastSuccess) {
            Longest seen = longest.get(touched);
            seen.gapNanos = Math.max(seen.gapNanos, nowNanos - lastSuccessNanos);
        }
    }

    /** What is going on while the client works. */
    public enum Phase {
        /** Nothing but load. */
        STEADY,
        SNAPSHOT,
        RESTORE
    }

    /**
     * What the client saw in a phase.
     *
     * @param operations those that succeeded
     * @param longestMicros the longest time without a success
     * @param errors how often an operation failed, by the class of the exception
     * @param wrongReads reads that returned another value than the one confirmed just before
     */
    public record Stall(long operations, long longestMicros, Map<String, Long> errors, long wrongReads) {
        /** All errors together. */
        public long errorCount() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final class Longest {
        private long operations;
        private long gapNanos;
        private long wrongReads;
        private final Map<String, Long> errors = new TreeMap<>();
    }
}
