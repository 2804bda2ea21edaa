package io.memorymachine.local.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A part of a Markdown file that is generated: what stands between two comments that name it. */
public final class MarkedSection {
    private MarkedSection() {}

    /**
     * Replaces the section; a file that has none, or does not exist, gets it at its end.
     *
     * @throws IllegalArgumentException if the section is begun and not ended
     */
    public static void replace(Path file, String name, List<String> content) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Files.write(file, replaced(lines, name, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> replaced(List<String> lines, String name, List<String> content) {
        String begin = "<!-- begin " + name + " -->";
        String end = "<!-- end " + name + " -->";
        List<String> result = new ArrayList<>(lines);
        int from = result.indexOf(begin);
        if (from < 0) {
            from = result.size();
            result.add(begin);
            result.add(end);
        }
        int to = result.indexOf(end);
        if (to < from) {
            throw new IllegalArgumentException("'" + begin + "' is not followed by '" + end + "'");
        }
        result.subList(from + 1, to).clear();
        result.addAll(from + 1, content);
        return result;
    }
}
