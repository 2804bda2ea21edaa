package io.memorymachine.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's memory. */
public final class Memory {
    private Memory() {}

    /** What the kernel could give to programs now, in bytes. */
    public static long availableBytes() {
        try {
            return Facts.memory(Files.readAllLines(Path.of("/proc/meminfo"))).getOrDefault("MemAvailable", 0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
