package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;

/** Space set aside for running operations: one file for each, so that a restart of the service forgets none. */
public final class Reservations {
    private final PmemVolume volume;

    /** The reservations of one volume; there must be one instance for each volume. */
    public Reservations(PmemVolume volume) {
        this.volume = volume;
    }

    /**
     * Sets space aside; a repeated call for the same operation replaces its reservation.
     *
     * @param operation an id that is a file's name
     * @throws OperationFailedException VOLUME_FULL, in which case nothing is reserved
     */
    public synchronized void reserve(String operation, long bytes) throws IOException {
        release(operation);
        requireFree(bytes);
        Path folder = Trees.create(volume.layout().reservations());
        PrivateFiles.replace(folder.resolve(operation), Long.toString(bytes).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Checks that so much is free and not set aside. Where it is not, what is about to be free is waited for first.
     *
     * @throws OperationFailedException VOLUME_FULL
     */
    public synchronized void requireFree(long bytes) throws IOException {
        long available = available();
        if (bytes > available) {
            DeferredFrees.await(volume.root());
            available = available();
        }
        if (bytes > available) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_FULL,
                    bytes + " bytes are needed on " + volume.root() + ", " + Math.max(0, available) + " are free");
        }
    }

    private long available() throws IOException {
        return Files.getFileStore(volume.root()).getUsableSpace() - total();
    }

    /** Gives the space back; does nothing where none is set aside. */
    public synchronized void release(String operation) throws IOException {
        Files.deleteIfExists(volume.layout().reservations().resolve(operation));
    }

    /** Removes what a death left of reservations that were being written. */
    public synchronized void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.list(volume.layout().reservations())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(PrivateFiles.UNFINISHED)) {
                    Files.delete(file);
                }
            }
        } catch (NoSuchFileException none) {
            // Nothing was ever reserved.
        }
    }

    /** All that is set aside, in bytes. */
    public synchronized long total() throws IOException {
        try (Stream<Path> files = Files.list(volume.layout().reservations())) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                sum += file.toString().endsWith(PrivateFiles.UNFINISHED) ? 0 : Long.parseLong(Files.readString(file));
            }
            return sum;
        } catch (NoSuchFileException none) {
            return 0;
        }
    }
}
