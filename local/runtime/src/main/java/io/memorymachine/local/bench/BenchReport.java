package io.memorymachine.local.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found: the content of {@code bench/results/<date>.json}.
 *
 * @param format {@link #FORMAT}; another one where a field means something else
 * @param quick whether it was the smoke test, whose figures say little
 * @param failure what could not be measured and why, or null
 */
public record BenchReport(
        int format,
        Instant startedAt,
        long millis,
        boolean quick,
        Machine machine,
        List<Section> sections,
        String failure) {
    /** The format that this code writes. */
    public static final int FORMAT = 1;

    /** Whether everything was measured. Whether the targets are met is another question. */
    public boolean complete() {
        return failure == null;
    }

    /**
     * What it ran on.
     *
     * @param versions of what takes part, by name
     */
    public record Machine(
            String kernel, int processors, String processor, long memoryBytes, Map<String, String> versions) {}

    /**
     * One question.
     *
     * @param how what was done, in a sentence or two
     * @param measurements every single value
     */
    public record Section(
            String id,
            String title,
            String how,
            List<Grid> grids,
            List<Plot> plots,
            List<Target> targets,
            Map<String, Sample> measurements) {}

    /** A table for people. */
    public record Grid(String title, List<String> headings, List<List<String>> rows) {}

    /**
     * Curves over one axis, both axes logarithmic.
     *
     * @param id names its file
     */
    public record Plot(String id, String title, String xLabel, String yLabel, List<Curve> curves) {}

    /** One curve of a plot; x values rise. */
    public record Curve(String name, List<Double> x, List<Double> y) {}

    /** What was to be reached, and what was. */
    public record Target(String what, String wanted, String measured, boolean met) {}
}
