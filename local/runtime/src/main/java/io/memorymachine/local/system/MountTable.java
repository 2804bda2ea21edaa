package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The mounts of this process's mount namespace. */
public final class MountTable {
    private static final int FIELD_MOUNT_POINT = 4;
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private MountTable() {}

    /** All mount points, in the order in which they were mounted. */
    public static List<Path> mountPoints() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(MountTable::mountPoint).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The mount point in a line of mountinfo, where blanks and backslashes are written as octal numbers. */
    static Path mountPoint(String line) {
        Matcher escaped = OCTAL.matcher(line.split(" ")[FIELD_MOUNT_POINT]);
        return Path.of(escaped.replaceAll(
                match -> Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(match.group(1), 8)))));
    }
}
