package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.local.process.ProcFs;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalRuntime;

/**
 * Takes a system down with its data: snapshots live on the volume, so their catalogue has no meaning without it. What
 * stays in the run directory is the member image, the licence, the logs and the report.
 *
 * <p>It goes by what the machine shows and not only by what was written down. So it works in every half-made state and
 * can be repeated; a step that fails does not keep the others from being done.
 */
public final class TakeDown {
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final RunDirectory directory;
    private final Processes processes;
    private final LocalRuntime members;
    private final Volume volume;
    private final List<String> troubles = new ArrayList<>();

    /** Takes down the system of a run directory. */
    public TakeDown(RunDirectory directory, Processes processes) {
        this.directory = directory;
        this.processes = processes;
        this.members = new LocalRuntime(LocalPaths.of(directory.root()));
        this.volume = new Volume(directory);
    }

    /** Ends and removes everything; nothing is started any more through {@code processes}. */
    public void run() {
        processes.close();
        // The services first: they might make members again.
        attempt("processes", this::endProcesses);
        attempt("members", members::removeAll);
        attempt("volume", volume::remove);
        attempt("data", this::removeData);
    }

    /** What could not be done, a line each. */
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** What is there of the system now, a line each: looked up, not remembered. Empty when nothing is left. */
    public List<String> leftovers() {
        List<String> found = new ArrayList<>();
        for (ProcFs.Stat process : runningProcesses()) {
            found.add("process " + process.pid() + " (" + process.command() + ")");
        }
        found.addAll(members.leftovers());
        volume.leftovers().stream().filter(line -> !found.contains(line)).forEach(found::add);
        return found;
    }

    private void endProcesses() {
        List<ProcessRecord> recorded = processes.recorded();
        List<ProcessRecord> others = recorded.stream()
                .filter(record -> !record.name().equals("postgres"))
                .toList();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> processes.end(others, GRACE));
        try {
            PostgresServer.stop(directory.postgres());
        } catch (IOException e) {
            troubles.add("PostgreSQL: " + e.getMessage());
        }
        ended.join();
        // Children that outlived their service (CRIU, for one), and what was started but not written down.
        List<ProcessRecord> unrecorded = runningProcesses().stream()
                .map(stat -> new ProcessRecord(
                        stat.command(), stat.pid(), stat.startTicks(), ProcFs.bootId(), List.of(), ""))
                .toList();
        processes.end(unrecorded, Duration.ofSeconds(1));
        recorded.forEach(processes::forget);
    }

    /** Those that carry the mark of the run directory, and PostgreSQL's, which work in its data directory. */
    private List<ProcFs.Stat> runningProcesses() {
        List<ProcFs.Stat> found = new ArrayList<>(processes.marked());
        ProcFs.all().stream()
                .filter(ProcFs.Stat::alive)
                .filter(stat -> ProcFs.worksIn(stat.pid(), directory.postgres().resolve("data")))
                .filter(stat -> !found.contains(stat))
                .forEach(found::add);
        return found;
    }

    private void removeData() {
        for (Path data : List.of(
                directory.kafka(),
                directory.postgres(),
                directory.volume(),
                directory.run(),
                directory.settings(),
                directory.token(),
                directory.imageKey())) {
            deleteTree(data);
        }
    }

    private void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            troubles.add(what + ": " + e.getMessage());
        }
    }

    private static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(root + " cannot be deleted", e);
        }
    }
}
