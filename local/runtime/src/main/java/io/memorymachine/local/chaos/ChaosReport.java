package io.memorymachine.local.chaos;

import java.time.Instant;
import java.util.List;

/**
 * What a run of the fault matrix found.
 *
 * @param format of this report, counts up when its form changes
 * @param machine processors and memory, for whoever reads it elsewhere
 * @param failure what kept the run from its end, or null
 */
public record ChaosReport(
        int format,
        Instant startedAt,
        long millis,
        String machine,
        boolean succeeded,
        String failure,
        List<CellResult> cells) {
    /** The present form. */
    public static final int FORMAT = 1;
}
