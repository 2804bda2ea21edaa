package io.memorymachine.local.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what is measured, by name, in the order in which the names appear first. */
final class Measurements {
    private final Map<String, String> units = new LinkedHashMap<>();
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** Adds a value to a quantity; the same unit each time. */
    void add(String name, String unit, double value) {
        units.putIfAbsent(name, unit);
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }

    /** A quantity; without values where it was never measured. */
    Sample sample(String name) {
        return new Sample(units.getOrDefault(name, ""), values.getOrDefault(name, List.of()));
    }

    /** All of them. */
    Map<String, Sample> all() {
        Map<String, Sample> all = new LinkedHashMap<>();
        values.keySet().forEach(name -> all.put(name, sample(name)));
        return all;
    }
}
