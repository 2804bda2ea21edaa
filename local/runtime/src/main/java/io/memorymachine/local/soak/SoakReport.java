package io.memorymachine.local.soak;

import java.time.Instant;
import java.util.List;

/**
 * What an endurance run found.
 *
 * @param format of this report, counts up when its form changes
 * @param cycles those that were completed
 * @param cycleMillis how long each took
 * @param failure what kept the run from its end, or null
 * @param growths empty where there were too few cycles to compare
 */
public record SoakReport(
        int format,
        Instant startedAt,
        long millis,
        String machine,
        boolean succeeded,
        int cycles,
        List<Long> cycleMillis,
        String failure,
        List<Growth> growths) {
    /** The present form. */
    public static final int FORMAT = 1;
}
