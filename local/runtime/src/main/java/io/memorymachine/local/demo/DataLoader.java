package io.memorymachine.local.demo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import com.hazelcast.map.IMap;

/** Writes a data set into a map, and compares a map with a data set entry by entry. */
public final class DataLoader {
    private static final int MAX_BATCH = 1000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int IN_FLIGHT = 2;

    private DataLoader() {}

    /** Writes every entry. */
    public static void load(IMap<Integer, byte[]> map, DataSet data) {
        Deque<CompletionStage<Void>> inFlight = new ArrayDeque<>();
        int batch = batchSize(data);
        for (int from = 0; from < data.entries(); from += batch) {
            Map<Integer, byte[]> values = new HashMap<>();
            for (int key = from; key < Math.min(from + batch, data.entries()); key++) {
                values.put(key, data.value(key));
            }
            inFlight.add(map.putAllAsync(values));
            if (inFlight.size() > IN_FLIGHT) {
                inFlight.remove().toCompletableFuture().join();
            }
        }
        inFlight.forEach(stage -> stage.toCompletableFuture().join());
    }

    /** Reads every entry and compares it by value. */
    public static Verification verify(IMap<Integer, byte[]> map, DataSet data) {
        int equal = 0;
        int missing = 0;
        int batch = batchSize(data);
        for (int from = 0; from < data.entries(); from += batch) {
            Set<Integer> keys = new HashSet<>();
            for (int key = from; key < Math.min(from + batch, data.entries()); key++) {
                keys.add(key);
            }
            Map<Integer, byte[]> values = map.getAll(keys);
            for (int key : keys) {
                byte[] found = values.get(key);
                missing += found == null ? 1 : 0;
                equal += Arrays.equals(found, data.value(key)) ? 1 : 0;
            }
        }
        int present = data.entries() - missing;
        return new Verification(data.entries(), equal, present - equal, missing, Math.max(0, map.size() - present));
    }

    private static int batchSize(DataSet data) {
        return Math.max(1, Math.min(MAX_BATCH, BATCH_BYTES / data.valueBytes()));
    }

    /**
     * What a comparison found.
     *
     * @param expected the entries of the data set
     * @param equal those found with the value that they should have
     * @param different those found with another value
     * @param missing those not found
     * @param unexpected entries that are none of the data set
     */
    public record Verification(int expected, int equal, int different, int missing, int unexpected) {
        /** Whether the map holds the data set and nothing else. */
        public boolean same() {
            return equal == expected && different == 0 && missing == 0 && unexpected == 0;
        }
    }
}
