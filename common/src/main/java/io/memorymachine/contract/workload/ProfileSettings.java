package io.memorymachine.contract.workload;

import java.time.Duration;

/**
 * How a workload is quiesced while it is captured.
 *
 * @param name {@code hazelcast} or {@code none}
 * @param pause whether the application is quiesced at all; false with the option {@code --nopause}
 * @param maxPause the quiesce lease: after this long the application is resumed, whoever has died
 */
public record ProfileSettings(String name, boolean pause, Duration maxPause) {}
