package io.memorymachine.local.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One figure, compared.
 *
 * @param reference after the tenth cycle
 * @param end after the last cycle
 */
public record Growth(String figure, String whose, long reference, long end, String tolerance, boolean grew) {
    /** The cycle after which everything has found its size. */
    static final int REFERENCE_CYCLE = 10;

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
        Measurement before = cycles.get(REFERENCE_CYCLE - 1);
        Measurement after = cycles.get(cycles.size() - 1);
        for (Figure figure : Figure.values()) {
            TreeSet<String> all = new TreeSet<>(before.of(figure).keySet());
            all.addAll(after.of(figure).keySet());
            for (String whose : all) {
                long reference = before.of(figure).getOrDefault(whose, 0L);
                long end = after.of(figure).getOrDefault(whose, 0L);
                growths.add(new Growth(
                        figure.name(), whose, reference, end, figure.tolerance(), figure.grew(reference, end)));
            }
        }
        return growths;
    }
}
