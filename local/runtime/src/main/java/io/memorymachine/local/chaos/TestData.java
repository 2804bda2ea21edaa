package io.memorymachine.local.chaos;

import java.util.Locale;
import java.util.function.Consumer;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;

import io.memorymachine.local.demo.DataLoader;
import io.memorymachine.local.demo.DataLoader.Verification;
import io.memorymachine.local.demo.DataSet;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.system.SystemSettings;

/**
 * The entries in the cluster: each generation has other values under the same keys, so that it shows which one is there.
 * Every use has a client of its own, which finds the members wherever they are now.
 */
public final class TestData {
    private static final String MAP = "chaos";

    private final SystemSettings settings;
    private final int entries;
    private final int valueBytes;

    /** Entries of a cluster, none of which is written yet. */
    public TestData(SystemSettings settings, int entries, int valueBytes) {
        this.settings = settings;
        this.entries = entries;
        this.valueBytes = valueBytes;
    }

    /** Writes a generation over the one that is there. */
    public void write(long generation) {
        with(map -> DataLoader.load(map, data(generation)));
    }

    /** What is wrong where a generation should be, entry by entry; empty where it is there and nothing else. */
    public String difference(long generation) {
        Verification[] found = new Verification[1];
        with(map -> found[0] = DataLoader.verify(map, data(generation)));
        return found[0].same()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "of %d entries %d are equal, %d different, %d missing, and %d unexpected",
                        found[0].expected(),
                        found[0].equal(),
                        found[0].different(),
                        found[0].missing(),
                        found[0].unexpected());
    }

    private DataSet data(long generation) {
        return new DataSet(generation, entries, valueBytes);
    }

    private void with(Consumer<IMap<Integer, byte[]>> work) {
        HazelcastInstance client = DemoClients.connect(settings, "mm-" + MAP + "-" + System.nanoTime());
        try {
            work.accept(client.getMap(MAP));
        } finally {
            client.shutdown();
        }
    }
}
