package io.memorymachine.local.chaos;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.IMap;

import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataLoader.Verification;
import io.memorymachine.local.demo.DataSet;

/**
 * The entries in the cluster: each generation has other values under the same keys, so that it shows which one is there.
 * Every use has a client of its own, which finds the members wherever they are now.
 */
public final class TestData {
    private static final String MAP = "chaos";

    /** Several of the members' heartbeats, on a machine that is busy. */
    private static final Duration CLOCKS_AGREE_WITHIN = Duration.ofSeconds(10);

    private final Function<String, HazelcastInstance> client;
    private final int entries;
    private final int valueBytes;

    /**
     * Entries of a cluster, none of which is written yet.
     *
     * @param client makes one of the name that it is given
     */
    public TestData(Function<String, HazelcastInstance> client, int entries, int valueBytes) {
        this.client = client;
        this.entries = entries;
        this.valueBytes = valueBytes;
    }

    /** Writes a generation over the one that is there. */
    public void write(long generation) {
        with(map -> onceClocksAgree(() -> {
            DataLoader.load(map, data(generation));
            return generation;
        }));
    }

    /** What is wrong where a generation should be, entry by entry; empty where it is there and nothing else. */
    public String difference(long generation) {
        Verification found = with(map -> onceClocksAgree(() -> DataLoader.verify(map, data(generation))));
        return found.same()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "of %d entries %d are equal, %d different, %d missing, and %d unexpected",
                        found.expected(),
                        found.equal(),
                        found.different(),
                        found.missing(),
                        found.unexpected());
    }

    private DataSet data(long generation) {
        return new DataSet(generation, entries, valueBytes);
    }

    /**
     * Members whose clock jumped, as in a restore, set their cluster time at the next heartbeat, each at its own. Between the
     * first and the last of them they refuse each other's operations as too old.
     */
    private static <T> T onceClocksAgree(Supplier<T> work) {
        long giveUp = System.nanoTime() + CLOCKS_AGREE_WITHIN.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (OperationTimeoutException | CompletionException failed) {
                boolean refused = failed instanceof OperationTimeoutException
                        || failed.getCause() instanceof OperationTimeoutException;
                if (!refused || System.nanoTime() > giveUp) {
                    throw failed;
                }
            }
        }
    }

    private <T> T with(Function<IMap<Integer, byte[]>, T> work) {
        HazelcastInstance connected = client.apply("mm-" + MAP + "-" + System.nanoTime());
        try {
            return work.apply(connected.getMap(MAP));
        } finally {
            connected.shutdown();
        }
    }
}
