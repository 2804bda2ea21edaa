package io.memorymachine.local.client;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import com.hazelcast.query.Predicates;

/** The employees in the cluster's map {@value #MAP}: each a JSON value under a key of department and number. */
public final class Employees {
    /** The map's name. */
    public static final String MAP = "employees";

    private static final int BATCH = 500;

    private final IMap<String, HazelcastJsonValue> map;

    /** The employees of the cluster that a client is connected to. */
    public Employees(HazelcastInstance client) {
        this.map = client.getMap(MAP);
    }

    /**
     * Puts employees of a department, numbered from {@code start} on; one who is there already is replaced by an equal one.
     *
     * @param progress told how many are there after each batch
     */
    public void insert(String department, int start, int count, IntConsumer progress) {
        for (int done = 0; done < count; done += BATCH) {
            int until = Math.min(done + BATCH, count);
            Map<String, HazelcastJsonValue> batch = new HashMap<>();
            for (int number = start + done; number < start + until; number++) {
                batch.put(key(department, number), value(department, number));
            }
            map.putAll(batch);
            progress.accept(until);
        }
    }

    /** How many a department has. */
    public int count(String department) {
        return map.keySet(Predicates.equal("department", department)).size();
    }

    /** How many there are in all. */
    public int count() {
        return map.size();
    }

    /** How many of the employees {@code start} to {@code start + count - 1} are there as they were put. */
    public int intact(String department, int start, int count, IntConsumer progress) {
        int intact = 0;
        for (int done = 0; done < count; done += BATCH) {
            int until = Math.min(done + BATCH, count);
            Map<String, HazelcastJsonValue> expected = new HashMap<>();
            for (int number = start + done; number < start + until; number++) {
                expected.put(key(department, number), value(department, number));
            }
            Map<String, HazelcastJsonValue> found = map.getAll(expected.keySet());
            intact += (int) expected.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(found.get(entry.getKey())))
                    .count();
            progress.accept(until);
        }
        return intact;
    }

    private static String key(String department, int number) {
        return department + "-" + number;
    }

    private static HazelcastJsonValue value(String department, int number) {
        return new HazelcastJsonValue("{\"department\":\"" + department + "\",\"number\":" + number
                + ",\"name\":\"Employee " + number + "\"}");
    }
}
