package io.memorymachine.pmem.volume.xfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.MountInfo;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.CloneProbe;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * Persistent memory for machines that have none: XFS with reflink on a loop device over a sparse file, in DRAM
 * ({@code /dev/shm}) or on disk.
 *
 * <p>Opening goes file, file system, loop device, mount; each step looks first whether it was done, so an opening that
 * died is finished by the next one.
 */
public final class EmulatedVolume implements PmemVolume {
    private final Path backing;
    private final Path mountPoint;
    private final long bytes;

    /**
     * A volume that is not open yet.
     *
     * @param backing the sparse file; made where it is missing
     * @param mountPoint made where it is missing
     * @param bytes the size of a new file; XFS needs 300 MiB
     */
    public EmulatedVolume(Path backing, Path mountPoint, long bytes) {
        this.backing = backing.toAbsolutePath();
        this.mountPoint = mountPoint.toAbsolutePath();
        this.bytes = bytes;
    }

    @Override
    public void open() {
        try {
            Trees.create(mountPoint);
            if (isOpen()) {
                return;
            }
            Trees.create(backing.getParent());
            if (!isXfs()) {
                create();
            }
            // The loop device goes away by itself with the mount.
            ready(
                    "mount",
                    "-t",
                    "xfs",
                    "-o",
                    "loop,noatime,nodiratime,discard",
                    backing.toString(),
                    mountPoint.toString());
            Files.setPosixFilePermissions(
                    mountPoint, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, "the volume " + mountPoint + " cannot be opened: " + e, e);
        }
    }

    private void create() throws IOException {
        // All that members have in memory can be read from it.
        if (!Files.exists(backing)) {
            PrivateFiles.createEmpty(backing);
        }
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
            file.setLength(bytes);
        }
        ready("mkfs.xfs", "-q", "-f", "-m", "reflink=1", backing.toString());
    }

    private boolean isXfs() throws IOException {
        if (!Files.exists(backing)) {
            return false;
        }
        byte[] magic = new byte[4];
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "r")) {
            return file.length() > magic.length
                    && file.read(magic) == magic.length
                    && new String(magic, java.nio.charset.StandardCharsets.US_ASCII).equals("XFSB");
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            ready("umount", mountPoint.toString());
        }
    }

    @Override
    public boolean isOpen() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/mountinfo"));
            return MountInfo.parse(lines).points().contains(mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path root() {
        return mountPoint;
    }

    @Override
    public String kind() {
        return "emulated";
    }

    @Override
    public CaptureMode captureMode() {
        try {
            return CloneProbe.tryIn(mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ready(String... command) {
        Command.of(command).orFail(FailureReason.VOLUME_NOT_READY);
    }
}
