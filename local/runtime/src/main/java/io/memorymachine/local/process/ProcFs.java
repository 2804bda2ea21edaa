package io.memorymachine.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the kernel tells of processes. Everything here may be outdated when it is returned. */
public final class ProcFs {
    private static final Path PROC = Path.of("/proc");
    private static final int FIELD_PPID = 1;
    private static final int FIELD_THREADS = 17;
    private static final int FIELD_STARTTIME = 19;

    private ProcFs() {}

    /** The state of a process that a tracer, such as CRIU, holds: proc(5). */
    public static final char TRACED = 't';

    /**
     * One process.
     *
     * @param state as in proc(5), of the first thread: {@code Z} has ended
     * @param threads how many of its threads have not ended; a process that waits to be reaped has one
     * @param startTicks clock ticks between boot and its start: with the pid it names a process for good
     */
    public record Stat(long pid, String command, char state, long parent, int threads, long startTicks) {
        /** Whether it still runs code or holds files: a killed process does until its last thread has ended. */
        public boolean alive() {
            return state != 'X' && (state != 'Z' || threads > 1);
        }
    }

    /** The process with this pid, or empty where there is none. */
    public static Optional<Stat> stat(long pid) {
        return read(PROC.resolve(Long.toString(pid)).resolve("stat")).map(ProcFs::parse);
    }

    /** All processes, threads not counted. */
    public static List<Stat> all() {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .flatMap(name -> stat(Long.parseLong(name)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a process was started with this variable ({@code NAME=value}); false where it may not be looked at. */
    public static boolean environmentHolds(long pid, String variable) {
        return read(PROC.resolve(Long.toString(pid)).resolve("environ"))
                .map(text -> Stream.of(text.split("\0")).anyMatch(variable::equals))
                .orElse(false);
    }

    /** Whether a process's working directory is this one; false where it may not be looked at. */
    public static boolean worksIn(long pid, Path directory) {
        try {
            return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("cwd"))
                    .equals(directory);
        } catch (IOException e) {
            // It has ended, or it is a thread of the kernel.
            return false;
        }
    }

    /** Resident memory in bytes, 0 where it is not known. */
    public static long residentBytes(long pid) {
        return read(PROC.resolve(Long.toString(pid)).resolve("status"))
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                        .findFirst())
                .orElse(0L);
    }

    /** Tells this boot from every other. */
    public static String bootId() {
        return read(PROC.resolve("sys/kernel/random/boot_id")).orElse("").strip();
    }

    /** The command stands in parentheses and may itself hold any character, parentheses too. */
    static Stat parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        String[] fields = text.substring(close + 2).strip().split(" ");
        return new Stat(
                Long.parseLong(text.substring(0, open).strip()),
                text.substring(open + 1, close),
                fields[0].charAt(0),
                Long.parseLong(fields[FIELD_PPID]),
                Integer.parseInt(fields[FIELD_THREADS]),
                Long.parseLong(fields[FIELD_STARTTIME]));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Gone in the meantime (ENOENT, ESRCH) or not ours to read: both mean that nothing is known of it.
            return Optional.empty();
        }
    }
}
