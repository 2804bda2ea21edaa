package io.memorymachine.pmem.participant.criu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** CRIU's own log. */
public final class CriuLog {
    private static final int QUOTED = 5;

    /** Inside a container the limit of open files cannot be raised, and there is no tun device. */
    private static final List<String> HARMLESS = List.of("RLIMIT_NOFILE", "criu/tun.c");

    private CriuLog() {}

    /** The last lines that speak of errors, for a failure's message; never null. */
    public static String lastErrors(Path log) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> errors = lines.filter(line -> line.contains("Error"))
                    .filter(line -> HARMLESS.stream().noneMatch(line::contains))
                    .toList();
            return errors.isEmpty()
                    ? "CRIU's log names no error"
                    : errors.stream()
                            .skip(Math.max(0, errors.size() - QUOTED))
                            .map(String::strip)
                            .collect(Collectors.joining("; "));
        } catch (IOException missing) {
            return "CRIU wrote no log";
        }
    }
}
