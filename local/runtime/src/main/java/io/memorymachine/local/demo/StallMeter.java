package io.memorymachine.local.demo;

import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

import com.hazelcast.map.IMap;

import io.memorymachine.local.demo.StallClock.Phase;
import io.memorymachine.local.demo.StallClock.Stall;

/**
 * A client that never rests: one thread writes a value and reads it back, again and again, over a set of keys of its own.
 * What fails is counted and tried again at once.
 */
public final class StallMeter implements AutoCloseable {
    private static final int KEYS = 997;
    /** So that refusals, which come back at once, do not take a whole processor from what is measured. */
    private static final long AFTER_ERROR_NANOS = 200_000;

    private final IMap<Integer, Long> map;
    private final StallClock clock = new StallClock(System.nanoTime());
    private final Thread thread = new Thread(this::run, "stall-meter");
    private volatile boolean stopped;

    /** A meter on a map that nobody else uses. */
    public StallMeter(IMap<Integer, Long> map) {
        this.map = map;
    }

    /** Begins. */
    public StallMeter start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** A phase begins. */
    public void enter(Phase phase) {
        clock.enter(phase);
    }

    /** What was seen in a phase until now. */
    public Stall stall(Phase phase) {
        return clock.stall(phase, System.nanoTime());
    }

    /** Ends and waits for the operation under way, for a second at most. */
    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (long turn = 0; !stopped; turn++) {
            int key = (int) (turn % KEYS);
            try {
                map.set(key, turn);
                clock.success(System.nanoTime());
                Long found = map.get(key);
                clock.success(System.nanoTime());
                if (found == null || found != turn) {
                    clock.wrongRead();
                }
            } catch (RuntimeException e) {
                if (!stopped) {
                    clock.error(kind(e));
                    LockSupport.parkNanos(AFTER_ERROR_NANOS);
                }
            }
        }
    }

    /** The simple name of what the cluster threw, below the wrapping of the client. */
    private static String kind(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }
}
