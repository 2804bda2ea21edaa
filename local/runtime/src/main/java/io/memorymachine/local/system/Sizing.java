package io.memorymachine.local.system;

/** How large things have to be. */
public final class Sizing {
    private static final long GIB = 1L << 30;
    private static final long DEFAULT_VOLUME = 8 * GIB;
    /** Live heaps, the snapshot, the safety snapshot, and room to write. */
    private static final int HEAPS_ON_VOLUME = 4;
    /** What a member takes beside its heap: about 300 MB resident, and 130 MB in each of two snapshots. */
    private static final long BESIDE_HEAP = 600L << 20;
    /** The services, the broker, the database, the build and the command itself. */
    private static final long REST_OF_SYSTEM = 3 * GIB;
    /** An entry costs that much beside its value, and everything is there twice (one backup). */
    private static final long ENTRY_OVERHEAD = 200;

    private static final double USABLE_HEAP = 0.6;

    private Sizing() {}

    /** The size of a volume that holds the members and the snapshots of a demonstration. */
    public static long volumeBytes(int members, long heapBytes) {
        return Math.max(DEFAULT_VOLUME, HEAPS_ON_VOLUME * members * heapBytes);
    }

    /**
     * Whether a volume in memory leaves enough for the rest.
     *
     * @param available what the kernel could give to programs, in bytes
     * @param shared what is free in {@code /dev/shm}, in bytes
     */
    public static boolean fitsInMemory(int members, long heapBytes, long available, long shared) {
        long onVolume = members * (HEAPS_ON_VOLUME * heapBytes + BESIDE_HEAP);
        // The heaps are in the page cache once more, as the pages that the members have mapped.
        long needed = onVolume + members * heapBytes + REST_OF_SYSTEM;
        return needed < available && onVolume < shared;
    }

    /** Whether entries of this size with one backup fit into the members' heaps. */
    public static boolean fitsInHeaps(int members, long heapBytes, long entries, long valueBytes) {
        int copies = members > 1 ? 2 : 1;
        return copies * entries * (valueBytes + ENTRY_OVERHEAD) < USABLE_HEAP * members * heapBytes;
    }
}
