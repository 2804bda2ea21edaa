package io.memorymachine.local.demo;

import java.time.Duration;
import java.util.Locale;

import io.memorymachine.local.api.Progress;

/** A saga's step on the console. */
final class StepLine {
    private StepLine() {}

    static String of(String step, Duration took) {
        return String.format(Locale.ROOT, "      %-34s %8s", step, millis(took));
    }

    /** What went wrong, with a separator in front; empty where nothing did. */
    static String reason(Progress progress) {
        return progress.failure() == null
                ? ""
                : " " + progress.failure().reason() + ": " + progress.failure().message();
    }

    private static String millis(Duration took) {
        return String.format(Locale.ROOT, "%,d ms", took.toMillis());
    }
}
