package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

import io.memorymachine.local.process.ProcFs;

/**
 * Lets one command at a time change a system. The kernel takes the lock back when its holder dies; the file names the
 * holder for the message of whoever comes second.
 */
public final class CommandLock {
    private static final Duration POLL = Duration.ofMillis(50);

    private final FileChannel channel;

    private CommandLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or returns empty where another process holds it. */
    public static Optional<CommandLock> tryTake(RunDirectory directory) {
        try {
            FileChannel channel =
                    FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            long self = ProcessHandle.current().pid();
            long startTicks = ProcFs.stat(self).map(ProcFs.Stat::startTicks).orElse(0L);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((self + " " + startTicks + "\n").getBytes(StandardCharsets.UTF_8)));
            return Optional.of(new CommandLock(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes the lock from whoever holds it: asks the holder to end (it takes down what it started), and kills it where
     * it does not within {@code grace}.
     */
    public static CommandLock takeOver(RunDirectory directory, Duration grace) {
        Optional<CommandLock> lock = tryTake(directory);
        if (lock.isPresent()) {
            return lock.get();
        }
        holder(directory).ifPresent(ProcessHandle::destroy);
        lock = await(directory, grace);
        if (lock.isEmpty()) {
            holder(directory).ifPresent(ProcessHandle::destroyForcibly);
            lock = await(directory, grace);
        }
        return lock.orElseThrow(() -> new UncheckedIOException(
                new IOException("another command holds " + directory.lock() + " and cannot be ended")));
    }

    /** The process that holds the lock, as far as its file tells. */
    public static Optional<ProcessHandle> holder(RunDirectory directory) {
        try {
            String[] words = Files.readString(directory.lock()).strip().split(" ");
            if (words.length != 2) {
                return Optional.empty();
            }
            long pid = Long.parseLong(words[0]);
            long startTicks = Long.parseLong(words[1]);
            return ProcFs.stat(pid)
                    .filter(stat -> stat.startTicks() == startTicks && stat.alive())
                    .flatMap(stat -> ProcessHandle.of(pid));
        } catch (IOException | NumberFormatException e) {
            // No holder ever, or one that was killed while it wrote its name.
            return Optional.empty();
        }
    }

    /** Does something and gives the lock back. */
    public int during(IntSupplier work) {
        try {
            return work.getAsInt();
        } finally {
            release();
        }
    }

    private void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<CommandLock> await(RunDirectory directory, Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        Optional<CommandLock> lock = tryTake(directory);
        while (lock.isEmpty() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            lock = tryTake(directory);
        }
        return lock;
    }
}
