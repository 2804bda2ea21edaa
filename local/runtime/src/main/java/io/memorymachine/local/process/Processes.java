package io.memorymachine.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import io.memorymachine.local.Json;

/**
 * The processes of one run directory. They run in sessions of their own and outlive the command that starts them. Each
 * carries the run directory in its environment; so one whose record was lost (the command died between the start and
 * the record) is found too.
 */
public final class Processes {
    /** The variable that marks a process as belonging to a run directory. */
    public static final String MARK = "MM_INSTANCE";

    private static final int QUOTED_LINES = 12;
    private static final Duration POLL = Duration.ofMillis(40);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Path records;
    private final Path logs;
    private final String mark;
    private boolean closed;

    /** Those of the run directory {@code root}. */
    public Processes(Path root) {
        this.records = root.resolve("run");
        this.logs = root.resolve("logs");
        this.mark = MARK + "=" + root;
    }

    /**
     * Starts a process unless one of this name runs.
     *
     * @throws StartFailedException if it cannot be started, or after {@link #close}
     */
    public synchronized ProcessRecord start(Launch launch) {
        if (closed) {
            throw new StartFailedException(launch.name() + " is not started: the system is being taken down");
        }
        Optional<ProcessRecord> running = running(launch.name());
        if (running.isPresent()) {
            return running.get();
        }
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(launch.command());
        try {
            Files.createDirectories(logs);
            Path log = logs.resolve(launch.name() + ".log");
            if (Files.exists(log)) {
                Files.move(log, logs.resolve(launch.name() + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(launch.workingDirectory().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(log.toFile());
            builder.environment().putAll(launch.environment());
            builder.environment().put(MARK, mark.substring(MARK.length() + 1));
            return record(launch.name(), builder.start().pid(), launch.command(), log);
        } catch (IOException e) {
            throw new StartFailedException(launch.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Writes down a process that somebody else started, so that it is looked after like the others. */
    public synchronized ProcessRecord record(String name, long pid, List<String> command, Path log) {
        long startTicks = ProcFs.stat(pid).map(ProcFs.Stat::startTicks).orElse(0L);
        ProcessRecord record =
                new ProcessRecord(name, pid, startTicks, ProcFs.bootId(), List.copyOf(command), log.toString());
        Json.write(records.resolve(name + ".json"), record);
        return record;
    }

    /** The process of this name, where it runs. */
    public Optional<ProcessRecord> running(String name) {
        Path file = records.resolve(name + ".json");
        return Files.exists(file)
                ? Json.read(file, ProcessRecord.class).filter(ProcessRecord::alive)
                : Optional.empty();
    }

    /** All that are written down, whether they run or not, by name. */
    public List<ProcessRecord> recorded() {
        if (!Files.isDirectory(records)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(records)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .flatMap(file -> Json.read(file, ProcessRecord.class).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All processes that carry the run directory's mark, written down or not. */
    public List<ProcFs.Stat> marked() {
        return ProcFs.all().stream()
                .filter(ProcFs.Stat::alive)
                .filter(stat -> ProcFs.environmentHolds(stat.pid(), mark))
                .toList();
    }

    /**
     * Waits until a process is ready.
     *
     * @param ready asked again and again; must not block for long
     * @throws StartFailedException as soon as the process ends, and after {@code bound}; the last of its log is quoted
     */
    public void awaitReady(ProcessRecord record, Duration bound, BooleanSupplier ready) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!ready.getAsBoolean()) {
            if (awaitEnd(record, POLL)) {
                throw new StartFailedException(record.name() + " ended while it started." + quoted(record));
            }
            if (System.nanoTime() > deadline) {
                throw new StartFailedException(
                        record.name() + " is not ready after " + bound.toSeconds() + " s." + quoted(record));
            }
        }
    }

    /** Ends processes together: SIGTERM, and SIGKILL for those that still run after {@code grace}. */
    public void end(List<ProcessRecord> ending, Duration grace) {
        List<ProcessRecord> alive = ending.stream().filter(ProcessRecord::alive).toList();
        alive.forEach(record -> ProcessHandle.of(record.pid()).ifPresent(ProcessHandle::destroy));
        long deadline = System.nanoTime() + grace.toNanos();
        for (ProcessRecord record : alive) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!awaitEnd(record, left)) {
                ProcessHandle.of(record.pid()).ifPresent(ProcessHandle::destroyForcibly);
                awaitEnd(record, AFTER_KILL);
            }
        }
    }

    /** Kills a process (SIGKILL), and returns when it has ended. */
    public void kill(ProcessRecord killed) {
        if (killed.alive()) {
            ProcessHandle.of(killed.pid()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(killed, AFTER_KILL);
        }
    }

    /** Forgets a process. */
    public void forget(ProcessRecord record) {
        try {
            Files.deleteIfExists(records.resolve(record.name() + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on nothing is started; a start that is under way is finished first. */
    public synchronized void close() {
        closed = true;
    }

    /** Whether nothing is started any more, since the system is being taken down. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** True once the process has ended; false if it still runs after {@code bound}. */
    private static boolean awaitEnd(ProcessRecord record, Duration bound) {
        Optional<ProcessHandle> handle = ProcessHandle.of(record.pid());
        if (!record.alive() || handle.isEmpty()) {
            return true;
        }
        try {
            handle.get().onExit().get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            // A zombie whose parent does not reap it never fires the event, but has ended all the same.
            return !record.alive();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while waiting for " + record.name(), e);
        }
    }

    private static String quoted(ProcessRecord record) {
        List<String> lines = LogTail.of(Path.of(record.log()), QUOTED_LINES);
        return lines.isEmpty()
                ? " It has written nothing to " + record.log()
                : " The last of " + record.log() + ":\n    " + String.join("\n    ", lines);
    }
}
