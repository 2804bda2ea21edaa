package io.memorymachine.local.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Entries whose values follow from their keys, so that each can be verified by value without being kept anywhere.
 *
 * @param seed makes another data set with the same keys
 * @param entries the keys are 0 to {@code entries - 1}
 * @param valueBytes the length of each value
 */
public record DataSet(long seed, int entries, int valueBytes) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Refuses sizes below 1. */
    public DataSet {
        if (entries < 1 || valueBytes < 1) {
            throw new IllegalArgumentException("a data set needs at least one entry of at least one byte");
        }
    }

    /** The value of a key: SplitMix64 started from seed and key. */
    public byte[] value(int key) {
        ByteBuffer value = ByteBuffer.allocate((valueBytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        long state = mix(seed + GOLDEN_GAMMA * (key + 1L));
        while (value.hasRemaining()) {
            state += GOLDEN_GAMMA;
            value.putLong(mix(state));
        }
        return Arrays.copyOf(value.array(), valueBytes);
    }

    private static long mix(long state) {
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
