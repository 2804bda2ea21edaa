package io.memorymachine.pmem.participant.materialize.criu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;

/** Makes a placeholder's init answer for the process that was restored under it; mm-init.c describes the files. */
final class Adoption {
    private static final long SECONDS = 5;

    private Adoption() {}

    static boolean isDone(LiveFolder live) {
        return Files.exists(live.path().resolve("adopted"));
    }

    static void request(LiveFolder live, long initPid, long namespacePid, Command signal) throws IOException {
        Path folder = live.path();
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            // Whole when the init sees it.
            Path unfinished = PrivateFiles.write(
                    folder.resolve("adopt.new"), Long.toString(namespacePid).getBytes(StandardCharsets.UTF_8));
            // The init reads it as the user that the container runs as.
            Object user = Files.getAttribute(Path.of("/proc", Long.toString(initPid)), "unix:uid");
            Files.setAttribute(unfinished, "unix:uid", user);
            Files.move(unfinished, folder.resolve("adopt"), StandardCopyOption.ATOMIC_MOVE);
            signal.orFail(FailureReason.MATERIALIZE_FAILED);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (!isDone(live)) {
                WatchKey change = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (change == null || Files.exists(folder.resolve("adopt-refused"))) {
                    throw new OperationFailedException(
                            FailureReason.MATERIALIZE_FAILED,
                            "init " + initPid + " did not adopt process " + namespacePid + " of its container");
                }
                change.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException(FailureReason.CANCELLED, "the materialization was interrupted", e);
        }
    }
}
