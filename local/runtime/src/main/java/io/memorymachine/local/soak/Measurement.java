package io.memorymachine.local.soak;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** All figures at one moment, by what they are of and whose they are. */
final class Measurement {
    private final Map<Figure, Map<String, Long>> figures = new EnumMap<>(Figure.class);

    /** Adds a figure. */
    Measurement with(Figure figure, String whose, long value) {
        figures.computeIfAbsent(figure, any -> new TreeMap<>()).put(whose, value);
        return this;
    }

    /** The figures of a kind, by whose they are; none where none was measured. */
    Map<String, Long> of(Figure figure) {
        return figures.getOrDefault(figure, Map.of());
    }
}
