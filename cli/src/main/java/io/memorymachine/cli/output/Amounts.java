package io.memorymachine.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;

/** Sizes, durations and ages as people read them. */
public final class Amounts {
    private static final String[] UNITS = {"B", "Ki", "Mi", "Gi", "Ti", "Pi"};

    private Amounts() {}

    /** A size in bytes, as Kubernetes writes quantities: {@code 1.7Gi}. */
    public static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f%s", value, UNITS[unit]);
    }

    /** A field that holds a size; empty where it is absent. */
    public static String size(JsonNode bytes) {
        return bytes.isNumber() ? size(bytes.asLong()) : "";
    }

    /** Milliseconds below ten seconds, then seconds, then minutes. */
    public static String took(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 10_000) {
            return millis + "ms";
        }
        return millis < 120_000
                ? String.format(Locale.ROOT, "%.1fs", millis / 1000.0)
                : String.format(Locale.ROOT, "%dm%02ds", millis / 60_000, millis / 1000 % 60);
    }

    /** A field with microseconds as a duration; empty where it is absent or 0. */
    public static String took(JsonNode micros) {
        return micros.asLong() == 0 ? "" : took(Duration.ofNanos(micros.asLong() * 1000));
    }

    /** How long ago something was, as kubectl writes ages: {@code 42s}, {@code 5m}, {@code 3h}, {@code 12d}. */
    public static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 7200) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
