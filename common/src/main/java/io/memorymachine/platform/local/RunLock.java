package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The right to change what a run directory describes: one holder over all processes and threads. The kernel takes it
 * back when the holder's process dies.
 */
final class RunLock {
    /** A file lock belongs to the process, so threads need one of their own. */
    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private RunLock() {}

    /** Does something while holding the lock; waits for it as long as it takes. */
    static <T> T holding(LocalPaths paths, Supplier<T> work) {
        ReentrantLock threads = IN_THIS_PROCESS.computeIfAbsent(paths.lock(), path -> new ReentrantLock());
        if (threads.isHeldByCurrentThread()) {
            throw new IllegalStateException("the lock of a run directory is not to be taken twice");
        }
        threads.lock();
        try (FileChannel channel =
                FileChannel.open(paths.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Closing the channel releases it.
            channel.lock();
            return work.get();
        } catch (IOException e) {
            throw new LocalPlatformException("the lock " + paths.lock() + " cannot be taken", e);
        } finally {
            threads.unlock();
        }
    }
}
