package io.memorymachine.local.console;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write and read them. */
public final class Amounts {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)(i?b)?");
    private static final String UNITS = "kmgt";

    private Amounts() {}

    /**
     * A size in bytes from a number with an optional unit k, m, g or t (powers of 1024; {@code 8g}, {@code 8GiB}).
     *
     * @throws IllegalArgumentException if it is none, is 0 or does not fit a long
     */
    public static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size; examples: 512m, 8g");
        }
        String unit = matcher.group(2);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        long count = Long.parseLong(matcher.group(1));
        if (count == 0 || count > Long.MAX_VALUE >> (10 * power)) {
            throw new IllegalArgumentException("'" + text + "' is no size that could be had");
        }
        return count << (10 * power);
    }

    /** A size with the largest unit that leaves at least 1, one decimal. */
    public static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int power = 0;
        while (value >= 1024 && power < UNITS.length()) {
            value /= 1024;
            power++;
        }
        return String.format(
                Locale.ROOT,
                "%.1f %siB",
                value,
                UNITS.substring(power - 1, power).toUpperCase(Locale.ROOT));
    }

    /** Microseconds as milliseconds, with one decimal below 100. */
    public static String millis(long micros) {
        return micros < 100_000
                ? String.format(Locale.ROOT, "%.1f ms", micros / 1000.0)
                : String.format(Locale.ROOT, "%d ms", micros / 1000);
    }
}
