package io.memorymachine.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, to be quoted in a message. */
public final class LogTail {
    private static final int WINDOW = 64 * 1024;

    private LogTail() {}

    /** The last lines of a file without the frames of stack traces; empty where it cannot be read. */
    public static List<String> of(Path log, int lines) {
        return withoutFrames(window(log), lines);
    }

    static List<String> withoutFrames(String text, int lines) {
        List<String> telling = text.lines()
                .filter(line -> !line.isBlank() && !line.matches("\\s+(at .*|\\.\\.\\. \\d+ more.*)"))
                .toList();
        return telling.subList(Math.max(0, telling.size() - lines), telling.size());
    }

    private static String window(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - WINDOW);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            // Only quoted beside the failure that is being reported: it must not hide that one.
            return "";
        }
    }
}
