package io.memorymachine.local.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the kernel's and the tools' texts. */
final class Facts {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    private Facts() {}

    /**
     * The first version number in a text.
     *
     * @return empty where there is none
     */
    static Optional<Version> version(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String patch = matcher.group(3);
        return Optional.of(new Version(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch)));
    }

    /** Bytes by name from the lines of {@code /proc/meminfo}. */
    static Map<String, Long> memory(List<String> meminfo) {
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : meminfo) {
            String[] words = line.split("[:\\s]+");
            if (words.length == 3 && words[2].equals("kB")) {
                bytes.put(words[0], Long.parseLong(words[1]) * 1024);
            }
        }
        return bytes;
    }

    /** The model of the first processor from the lines of {@code /proc/cpuinfo}; {@code unknown} where none is named. */
    static String processor(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** {@code v1}, {@code v2}, {@code v1 and v2} or empty, from the lines of {@code /proc/self/mountinfo}. */
    static String cgroupVersions(List<String> mountinfo) {
        TreeSet<String> versions = new TreeSet<>();
        for (String line : mountinfo) {
            String type = line.substring(line.indexOf(" - ") + 3).split(" ")[0];
            Stream.of(type).filter("cgroup"::equals).forEach(any -> versions.add("v1"));
            Stream.of(type).filter("cgroup2"::equals).forEach(any -> versions.add("v2"));
        }
        return String.join(" and ", versions);
    }

    /** A version of three numbers. */
    record Version(int major, int minor, int patch) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int byMajor = Integer.compare(major, other.major);
            int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
            return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }
}
