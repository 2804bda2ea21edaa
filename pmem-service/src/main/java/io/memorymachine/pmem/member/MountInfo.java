package io.memorymachine.pmem.member;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The mounts of a container, as {@code /proc/PID/mountinfo} tells them. */
public record MountInfo(List<Mount> mounts) {
    /** One mount. */
    public record Mount(Path point, String type, String superOptions) {}

    /** Reads the lines of the file. */
    public static MountInfo parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            String[] halves = line.split(" - ", 2);
            String[] front = halves[0].split(" ");
            String[] back = halves[1].split(" ", 3);
            mounts.add(new Mount(Path.of(unescape(front[4])), back[0], back[2]));
        }
        return new MountInfo(mounts);
    }

    /** The upper folder of the overlay that is the container's root. */
    public Optional<Path> upper() {
        return mounts.stream()
                .filter(mount ->
                        mount.point().equals(Path.of("/")) && mount.type().equals("overlay"))
                .flatMap(mount -> List.of(mount.superOptions().split(",")).stream())
                .filter(option -> option.startsWith("upperdir="))
                .map(option -> Path.of(unescape(option.substring("upperdir=".length()))))
                .findFirst();
    }

    /** All mount points but the root. */
    public Set<Path> points() {
        return mounts.stream()
                .map(Mount::point)
                .filter(point -> point.getNameCount() > 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Blanks and the like stand as three octal digits after a backslash. */
    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length() && Character.isDigit(text.charAt(i + 1))) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
