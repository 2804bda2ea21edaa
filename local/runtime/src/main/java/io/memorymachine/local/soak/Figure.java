package io.memorymachine.local.soak;

import java.util.Locale;

/**
 * What a figure is of, which says how it is compared. The end may be above the reference by a share of it and an amount.
 *
 * <p>The tolerances are for what varies by chance: a collector that has not run, a pool that has not yet made all of its
 * threads, blocks that the file system sets aside. Whatever is lost in every cycle exceeds them within a hundred cycles.
 */
enum Figure {
    /** Live heap of a JVM after a full collection, in bytes. */
    HEAP(true, 0.15, 8L << 20),
    /** Resident memory of a process, in bytes. */
    RESIDENT(true, 0.25, 48L << 20),
    /** Open file descriptors of a process. */
    DESCRIPTORS(false, 0, 12),
    /** Threads of a process. */
    THREADS(false, 0, 16),
    /** Mounts, loop devices, cgroups, network namespaces and processes of the run directory. */
    MACHINE(false, 0, 0),
    /** Used on the volume, in bytes. */
    VOLUME(true, 0.05, 48L << 20),
    /** In the run directory without logs and the data of broker and database, in bytes. */
    DISK(true, 0.02, 4L << 20),
    /** The database without its log, in bytes. */
    DATABASE(true, 0.1, 16L << 20),
    /** Rows of a table, once what has ended is forgotten. */
    ROWS(false, 0, 5),
    /** For information only: its bound is reached later than the run ends. */
    REPORTED(true, Double.POSITIVE_INFINITY, 0);

    private final boolean bytes;
    private final double share;
    private final long amount;

    Figure(boolean bytes, double share, long amount) {
        this.bytes = bytes;
        this.share = share;
        this.amount = amount;
    }

    /** Whether it is an amount of memory. */
    boolean bytes() {
        return bytes;
    }

    /** Whether an end is so far above its reference that it has grown. */
    boolean grew(long reference, long end) {
        return end > reference + reference * share + amount;
    }

    /** The tolerance as it is shown. */
    String tolerance() {
        if (share == Double.POSITIVE_INFINITY) {
            return "-";
        }
        String more = bytes ? (amount >> 20) + " MiB" : Long.toString(amount);
        return share == 0 ? more : String.format(Locale.ROOT, "%.0f %% + %s", share * 100, more);
    }
}
