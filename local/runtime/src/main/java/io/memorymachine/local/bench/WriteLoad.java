package io.memorymachine.local.bench;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import com.hazelcast.map.IMap;

/**
 * Overwrites entries at a rate, until it is closed. Errors are not its business: it goes on, and the meter beside it counts
 * them.
 */
final class WriteLoad implements AutoCloseable {
    /** As fast as the cluster takes it. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final IMap<Integer, byte[]> map;
    private final int entries;
    private final int valueBytes;
    private final int perSecond;
    private final LongAdder written = new LongAdder();
    private final long startedAt = System.nanoTime();
    private final Thread thread = new Thread(this::run, "write-load");
    private volatile boolean stopped;

    private WriteLoad(IMap<Integer, byte[]> map, int entries, int valueBytes, int perSecond) {
        this.map = map;
        this.entries = entries;
        this.valueBytes = valueBytes;
        this.perSecond = perSecond;
    }

    /** Starts one; with 0 writes a second it does nothing. */
    static WriteLoad start(IMap<Integer, byte[]> map, int entries, int valueBytes, int perSecond) {
        WriteLoad load = new WriteLoad(map, entries, valueBytes, perSecond);
        if (perSecond > 0) {
            load.thread.setDaemon(true);
            load.thread.start();
        }
        return load;
    }

    /** What a rate is called in tables. */
    static String name(int perSecond) {
        return perSecond == 0 ? "none" : perSecond == UNLIMITED ? "unlimited" : String.format("%,d/s", perSecond);
    }

    /** Writes a second since the start. */
    double rate() {
        return written.sum() * 1e9 / (System.nanoTime() - startedAt);
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        byte[] value = new byte[valueBytes];
        long begin = System.nanoTime();
        for (long turn = 0; !stopped; turn++) {
            value[(int) (turn % valueBytes)]++;
            try {
                map.set((int) (turn * 7919 % entries), value);
                written.increment();
            } catch (RuntimeException e) {
                LockSupport.parkNanos(1_000_000);
            }
            if (perSecond != UNLIMITED) {
                // What was missed while the cluster stood still is not made up for.
                long due = begin + turn * 1_000_000_000L / perSecond;
                long ahead = due - System.nanoTime();
                if (ahead > 0) {
                    LockSupport.parkNanos(ahead);
                } else if (ahead < -100_000_000) {
                    begin -= ahead;
                }
            }
        }
    }
}
