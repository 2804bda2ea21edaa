package io.memorymachine.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import io.memorymachine.local.console.Amounts;

/**
 * The machine that figures were measured on; without it they say little.
 *
 * @param kernel its name and release
 * @param processor the model as {@code /proc/cpuinfo} has it, or {@code unknown}
 * @param memoryBytes all that the kernel manages
 */
public record Hardware(String kernel, int processors, String processor, long memoryBytes) {

    /** This machine. */
    public static Hardware here() {
        try {
            return new Hardware(
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    Runtime.getRuntime().availableProcessors(),
                    Facts.processor(Files.readAllLines(Path.of("/proc/cpuinfo"))),
                    Facts.memory(Files.readAllLines(Path.of("/proc/meminfo"))).getOrDefault("MemTotal", 0L));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a line, for the head of a report. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %s of memory, %s",
                processors,
                processor,
                Amounts.size(memoryBytes),
                kernel);
    }
}
