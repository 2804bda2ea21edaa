package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
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
        String[] lines = printed.split("\n");
        return Long.parseLong(lines[lines.length - 1].split("\t")[0]);
    }

    private static List<Path> heapClones(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.getParent().endsWith("heap"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    /** Lines of extents are {@code 0: [0..7]: 96..103 8 0x2001}, in sectors; holes have no flags. */
    private static long sharedBytes(Path file) {
        String extents =
                Command.of("xfs_io", "-r", "-c", "fiemap -v", file.toString()).orFail(FailureReason.VOLUME_NOT_READY);
        return extents.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 5 && words[4].startsWith("0x"))
                .filter(words -> (Integer.decode(words[4]) & SHARED_EXTENT) != 0)
                .mapToLong(words -> Long.parseLong(words[3]) * SECTOR)
                .sum();
    }
}
