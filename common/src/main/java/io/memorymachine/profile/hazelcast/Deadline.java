package io.memorymachine.profile.hazelcast;

import java.time.Duration;

/** When something has to be over, on the monotonic clock: the wall clock jumps when members are restored. */
record Deadline(long nanos) {
    /** A question asked just before the end gets this long, so that the last look still says what is missing. */
    private static final Duration SHORTEST = Duration.ofMillis(250);

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean over() {
        return nanos - System.nanoTime() <= 0;
    }

    /** The given time, or what is left if that is less, but at least {@link #SHORTEST}. */
    Duration atMost(Duration time) {
        Duration left = Duration.ofNanos(nanos - System.nanoTime());
        Duration shorter = left.compareTo(time) < 0 ? left : time;
        return shorter.compareTo(SHORTEST) < 0 ? SHORTEST : shorter;
    }
}
