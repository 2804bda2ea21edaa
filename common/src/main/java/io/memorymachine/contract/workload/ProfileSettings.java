package io.memorymachine.contract.workload;

import java.time.Duration;

import io.memorymachine.contract.envelope.Bounds;

/**
 * How a workload is quiesced while it is captured.
 *
 * @param name {@code hazelcast} or {@code none}
 * @param pause whether the application is quiesced at all; false with the option {@code --nopause}
 * @param maxPause the quiesce lease: after this long the application is resumed, whoever has died
 */
public record ProfileSettings(String name, boolean pause, Duration maxPause) {
    /** Far above what any profile allows, and within what can be added to a time. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Refuses what no sender means. */
    public ProfileSettings {
        Bounds.required("profile", name);
        if (Bounds.present("maxPause", maxPause).isNegative() || maxPause.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("maxPause is " + maxPause);
        }
    }
}
