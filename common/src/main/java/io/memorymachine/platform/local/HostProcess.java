package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * A process of the host that somebody may have started long ago: its pid, and its start time, since pids are reused.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}
 */
public record HostProcess(long pid, long startTicks) {
    private static final Duration POLL = Duration.ofMillis(5);

    /** The process of that pid, unless it has ended. */
    static Optional<HostProcess> of(long pid) {
        return fields(pid).map(fields -> new HostProcess(pid, Long.parseLong(fields[19])));
    }

    /** Whether it runs; a zombie does not. */
    @JsonIgnore
    public boolean isAlive() {
        return fields(pid)
                .filter(fields -> Long.parseLong(fields[19]) == startTicks)
                .filter(fields -> !fields[0].equals("Z") && !fields[0].equals("X"))
                .isPresent();
    }

    /** Sends SIGKILL if it still runs. */
    void kill() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * Waits for its end. It need not be a child of ours, and for others Java polls as well, only slower.
     *
     * @return whether it has ended
     */
    boolean awaitEnd(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** The fields of its stat from the third on: what stands before may hold blanks. */
    private static Optional<String[]> fields(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            // No such file, or ESRCH while reading: it has ended.
            return Optional.empty();
        }
    }
}
