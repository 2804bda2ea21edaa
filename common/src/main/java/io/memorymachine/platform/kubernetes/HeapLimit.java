package io.memorymachine.platform.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * The maximal heap that a container's definition allows its JVM, as the JVM works it out: {@code -Xmx}, or else a share of
 * the container's memory limit, a quarter unless {@code -XX:MaxRAMPercentage} says another.
 */
final class HeapLimit {
    /** Where JVMs and their start scripts look for options; later ones win. */
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "_JAVA_OPTIONS");

    private static final Pattern XMX = Pattern.compile("(?:-Xmx|-XX:MaxHeapSize=)(\\d{1,15})([kKmMgGtT]?)(?![\\w.])");
    private static final Pattern PERCENTAGE = Pattern.compile("-XX:MaxRAMPercentage=(\\d{1,3}(?:\\.\\d+)?)");
    private static final double DEFAULT_PERCENTAGE = 25;

    private HeapLimit() {}

    /** In bytes; empty where neither an option nor a memory limit tells it. */
    static OptionalLong of(Container container) {
        List<String> words = new ArrayList<>();
        VARIABLES.forEach(name -> variable(container, name).ifPresent(words::add));
        words.addAll(container.getCommand());
        words.addAll(container.getArgs());
        String options = String.join(" ", words);
        OptionalLong maximum = last(XMX, options).map(HeapLimit::bytes).orElse(OptionalLong.empty());
        if (maximum.isPresent()) {
            return maximum;
        }
        Optional<Quantity> limit = memory(container);
        if (limit.isEmpty()) {
            return OptionalLong.empty();
        }
        double percentage = last(PERCENTAGE, options)
                .map(found -> Double.parseDouble(found.group(1)))
                .orElse(DEFAULT_PERCENTAGE);
        return OptionalLong.of(
                (long) (limit.get().getNumericalAmount().doubleValue() * Math.min(percentage, 100) / 100));
    }

    /** What all of the container may use; empty where that has no limit. */
    static Optional<Quantity> memory(Container container) {
        return Optional.ofNullable(container.getResources())
                .map(resources -> resources.getLimits())
                .map(limits -> limits.get("memory"));
    }

    private static Optional<String> variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .filter(value -> value != null)
                .findFirst();
    }

    private static Optional<Matcher> last(Pattern pattern, String text) {
        Matcher all = pattern.matcher(text);
        int start = -1;
        while (all.find()) {
            start = all.start();
        }
        Matcher found = pattern.matcher(text);
        return start >= 0 && found.find(start) ? Optional.of(found) : Optional.empty();
    }

    private static OptionalLong bytes(Matcher option) {
        int shift = switch (option.group(2)) {
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            case "t", "T" -> 40;
            default -> 0;
        };
        long number = Long.parseLong(option.group(1));
        // Beyond this no JVM starts.
        return number > Long.MAX_VALUE >> (shift + 1) ? OptionalLong.empty() : OptionalLong.of(number << shift);
    }
}
