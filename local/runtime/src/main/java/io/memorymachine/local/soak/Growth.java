package io.memorymachine.local.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One figure, compared.
 *
 * @param reference after the tenth cycle, or the largest in the window that begins there
 * @param end after the last cycle, or the largest in the window that ends there
 */
public record Growth(String figure, String whose, long reference, long end, String tolerance, boolean grew) {
    /** The cycle after which everything has found its size. */
    static final int REFERENCE_CYCLE = 10;

    private static final int WINDOW = 11;

    /**
     * Compares the end of a run with its tenth cycle. What was not there at the tenth cycle counts from 0.
     *
     * @param cycles the measurements after each cycle, of which there are more than {@value #REFERENCE_CYCLE}
     */
    static List<Growth> between(List<Measurement> cycles) {
        if (cycles.size() <= REFERENCE_CYCLE) {
            throw new IllegalArgumentException("there are " + cycles.size() + " cycles, not more than the tenth");
        }
        List<Growth> growths = new ArrayList<>();
        int first = REFERENCE_CYCLE - 1;
        int last = cycles.size() - 1;
        for (Figure figure : Figure.values()) {
            int window = figure == Figure.ROWS ? Math.min(WINDOW, cycles.size() - first) : 1;
            List<Measurement> before = cycles.subList(first, first + window);
            List<Measurement> after = cycles.subList(last - window + 1, last + 1);
            TreeSet<String> all = new TreeSet<>(cycles.get(first).of(figure).keySet());
            all.addAll(cycles.get(last).of(figure).keySet());
            for (String whose : all) {
                long reference = largest(before, figure, whose);
                long end = largest(after, figure, whose);
                growths.add(new Growth(
                        figure.name(), whose, reference, end, figure.tolerance(), figure.grew(reference, end)));
            }
        }
        return growths;
    }

    private static long largest(List<Measurement> window, Figure figure, String whose) {
        return window.stream()
                .map(measurement -> measurement.of(figure))
                .mapToLong((Map<String, Long> figures) -> figures.getOrDefault(whose, 0L))
                .max()
                .orElse(0);
    }
}
