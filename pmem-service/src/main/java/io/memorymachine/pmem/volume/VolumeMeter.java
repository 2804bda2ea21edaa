package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Command;

/**
 * Measures a volume. The capacity and what is free come from the file system, what folders allocate from {@code du}, and
 * what is shared from the extents that the file system lists for heap clones ({@code xfs_io}'s fiemap, flag 0x2000);
 * other files of an image are shared with nothing.
 */
public final class VolumeMeter {
    private static final int SECTOR = 512;
    private static final int SHARED_EXTENT = 0x2000;

    private final PmemVolume volume;
    private final Reservations reservations;

    /** Measures one volume. */
    public VolumeMeter(PmemVolume volume, Reservations reservations) {
        this.volume = volume;
        this.reservations = reservations;
    }

    /** Measures now; takes some milliseconds for each heap clone. */
    public VolumeUsage usage() throws IOException {
        VolumeLayout layout = volume.layout();
        FileStore store = Files.getFileStore(layout.root());
        Allocation snapshots = allocation(layout.snapshots());
        long reserved = reservations.total();
        return new VolumeUsage(
                store.getTotalSpace(),
                allocated(layout.live()),
                snapshots.unique(),
                snapshots.shared(),
                reserved,
                Math.max(0, store.getUsableSpace() - reserved));
    }

    /** What a folder of snapshots or images allocates. */
    public Allocation allocation(Path folder) throws IOException {
        long shared = 0;
        for (Path clone : heapClones(folder)) {
            shared += sharedBytes(clone);
        }
        return new Allocation(Math.max(0, allocated(folder) - shared), shared);
    }

    /** Allocated bytes: shared with nothing, and shared with other files. */
    public record Allocation(long unique, long shared) {}

    private static long allocated(Path folder) {
        if (!Files.exists(folder)) {
            return 0;
        }
        // Files of running dumps come and go, for which du ends with 1 after it printed the sum.
        String printed = Command.of("du", "--summarize", "--block-size=1", folder.toString())
                .run()
                .output();
        Optional<String> sum = printed.lines()
                .filter(line -> line.endsWith("\t" + folder))
                .map(line -> line.substring(0, line.indexOf('\t')))
                .findFirst();
        if (sum.isEmpty() && Files.exists(folder)) {
            throw new IllegalStateException("du says nothing about " + folder + ": " + printed.strip());
        }
        // A folder that has gone meanwhile allocates nothing.
        return sum.map(Long::parseLong).orElse(0L);
    }

    /** A snapshot may be deleted meanwhile: what has gone counts for nothing. */
    private static List<Path> heapClones(Path folder) throws IOException {
        List<Path> clones = new ArrayList<>();
        if (Files.exists(folder)) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && file.getParent().endsWith("heap")) {
                        clones.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    return goneOr(failure);
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    return failure == null ? FileVisitResult.CONTINUE : goneOr(failure);
                }
            });
        }
        return clones;
    }

    private static FileVisitResult goneOr(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    /** Lines of extents are {@code 0: [0..7]: 96..103 8 0x2001}, in sectors; holes have no flags. */
    private static long sharedBytes(Path file) {
        String extents;
        try {
            extents = Command.of("xfs_io", "-r", "-c", "fiemap -v", file.toString())
                    .orFail(FailureReason.VOLUME_NOT_READY);
        } catch (OperationFailedException e) {
            if (Files.notExists(file)) {
                return 0;
            }
            throw e;
        }
        return extents.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 5 && words[4].startsWith("0x"))
                .filter(words -> (Integer.decode(words[4]) & SHARED_EXTENT) != 0)
                .mapToLong(words -> Long.parseLong(words[3]) * SECTOR)
                .sum();
    }
}
