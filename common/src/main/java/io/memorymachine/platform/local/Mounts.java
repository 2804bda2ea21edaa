package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The mounts of the host that concern members: their overlay roots, and the cgroup hierarchies. */
final class Mounts {
    private Mounts() {}

    /** Mounts an overlay; its directories must exist, and hold no colon or comma in their names. */
    static void overlay(Path lower, Path upper, Path work, Path target) {
        HostCommand.run(
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work,
                target.toString());
    }

    /** Unmounts whatever is mounted at a directory or below, the last mounted first. */
    static void unmountTree(Path directory) {
        List<Path> targets = new ArrayList<>(below(directory));
        Collections.reverse(targets);
        for (Path target : targets) {
            HostCommand.Outcome outcome = HostCommand.attempt("", "umount", target.toString());
            if (outcome.status() != 0) {
                // Somebody looks into it: it goes when he leaves, and nobody finds it meanwhile.
                HostCommand.run("umount", "--lazy", target.toString());
            }
        }
    }

    /** The mount points at a directory or below. */
    static List<Path> below(Path directory) {
        return mountPoints(mount -> true).stream()
                .filter(target -> target.startsWith(directory))
                .toList();
    }

    /** The roots of all mounted cgroup hierarchies, of version 1 and 2. */
    static List<Path> cgroupHierarchies() {
        return mountPoints(type -> type.equals("cgroup") || type.equals("cgroup2"));
    }

    /** In mount order. Each line: id parent major:minor root target options [fields] - type source superoptions. */
    private static List<Path> mountPoints(Predicate<String> type) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line ->
                            type.test(line.substring(line.indexOf(" - ") + 3).split(" ")[0]))
                    .map(line -> Path.of(unescape(line.split(" ")[4])))
                    .toList();
        } catch (IOException e) {
            throw new LocalPlatformException("the mounts cannot be listed", e);
        }
    }

    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
