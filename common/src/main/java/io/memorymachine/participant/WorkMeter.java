package io.memorymachine.participant;

import java.util.concurrent.atomic.LongAdder;

/** How many bytes of how many a command has gone through. Any number of threads may count at once; counting is all it costs. */
public final class WorkMeter implements AutoCloseable {
    private final LongAdder total = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final Runnable whenClosed;

    /** A meter that nobody looks at. */
    public WorkMeter() {
        this(() -> {});
    }

    /** Runs this when the work is over, however it ended. */
    WorkMeter(Runnable whenClosed) {
        this.whenClosed = whenClosed;
    }

    /** There are so many bytes more to go through. */
    public void expect(long bytes) {
        total.add(bytes);
    }

    /** So many bytes more are done. */
    public void advance(long bytes) {
        done.add(bytes);
    }

    /** Never more than {@link #total}. */
    long done() {
        return Math.min(done.sum(), total.sum());
    }

    long total() {
        return total.sum();
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}
