package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.testing.TestVolume;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Reservations on a real volume, whose file system frees later. */
class ReservationsTest {
    private static final int PAGE = 4096;
    private static final long MIB = 1L << 20;
    private static final long HEAP = 64 * MIB;

    /** What the file system needs for itself, at most. */
    private static final long BESIDE = 8 * MIB;

    private static final long VOLUME = 512 * MIB;

    private static TestVolume opened;
    private static EmulatedVolume volume;

    @BeforeAll
    static void openVolume() throws IOException {
        opened = TestVolume.open("reservations-test", VOLUME);
        volume = opened.volume();
    }

    @AfterAll
    static void closeVolume() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    /** A snapshot is deleted of which the heap has rewritten every other page since: XFS frees the clone in the background. */
    @Test
    void whatADeletedSnapshotTookCanBeReservedAtOnce() throws IOException {
        Reservations reservations = new Reservations(volume);
        long empty = free();
        Path heap = volume.root().resolve("heap");
        Path clone = volume.root().resolve("clone");
        try (RandomAccessFile file = new RandomAccessFile(heap.toFile(), "rw")) {
            // As the JVM makes it: of its size from the start.
            file.setLength(HEAP);
            byte[] mebibyte = new byte[(int) MIB];
            for (long at = 0; at < HEAP; at += MIB) {
                file.write(mebibyte);
            }
            file.getFD().sync();
            // By default XFS allocates 128 KiB where a page is copied and keeps the rest for the pages beside it.
            Command.of("xfs_io", "-c", "cowextsize " + PAGE, heap.toString()).orFail(FailureReason.INTERNAL);
            Command.of("cp", "--reflink=always", heap.toString(), clone.toString())
                    .orFail(FailureReason.INTERNAL);
            for (long at = 0; at < HEAP; at += 2 * PAGE) {
                file.seek(at);
                file.write(mebibyte, 0, PAGE);
            }
            file.getFD().sync();

            long all = empty - HEAP - BESIDE;
            assertThat(free()).isLessThan(all);
            Files.delete(clone);
            reservations.reserve("next", all);

            assertThat(reservations.total()).isEqualTo(all);
            assertThatThrownBy(() -> reservations.reserve("more", HEAP))
                    .hasFieldOrPropertyWithValue("reason", FailureReason.VOLUME_FULL);
        } finally {
            reservations.release("next");
            Files.deleteIfExists(clone);
            Files.delete(heap);
        }
        reservations.requireFree(empty - BESIDE);
    }

    private static long free() throws IOException {
        return Files.getFileStore(volume.root()).getUsableSpace();
    }
}
