package io.memorymachine.local.bench;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One quantity, measured several times.
 *
 * @param unit of the values
 * @param values in the order of the runs; may be empty
 */
public record Sample(String unit, List<Double> values) {
    /** Keeps a copy. */
    public Sample {
        values = List.copyOf(values);
    }

    /** The middle one, or the mean of the two in the middle; NaN where nothing was measured. */
    @JsonProperty
    public double median() {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest value. */
    public double least() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /** The largest value. */
    public double most() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** The median, and the smallest and largest value where they differ from it: {@code 120 (110-140)}. */
    public String text() {
        if (values.isEmpty()) {
            return "-";
        }
        return values.size() == 1
                ? number(median())
                : number(median()) + " (" + number(least()) + "-" + number(most()) + ")";
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
