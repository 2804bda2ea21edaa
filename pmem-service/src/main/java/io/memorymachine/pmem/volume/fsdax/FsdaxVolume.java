package io.memorymachine.pmem.volume.fsdax;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.MountInfo;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.CloneProbe;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * Real persistent memory: XFS with reflink on an fsdax namespace. Heaps are mapped directly, without the page cache.
 *
 * <p>Opening goes namespace, file system, mount; each step looks first whether it was done, so an opening that died is
 * finished by the next one. A device that holds anything but XFS is refused and left as it is.
 */
public final class FsdaxVolume implements PmemVolume {
    /** What blkid says of a device on which it finds nothing. */
    private static final int NOTHING_FOUND = 2;

    private final Path device;
    private final Path mountPoint;

    /**
     * A volume that is not open yet.
     *
     * @param device made with ndctl, from the capacity that is free, where it is missing
     * @param mountPoint made where it is missing
     */
    public FsdaxVolume(Path device, Path mountPoint) {
        this.device = device.toAbsolutePath();
        this.mountPoint = mountPoint.toAbsolutePath();
    }

    @Override
    public void open() {
        try {
            Trees.create(mountPoint);
            if (isOpen()) {
                return;
            }
            if (!Files.exists(device)) {
                ready("ndctl", "create-namespace", "--mode=fsdax");
                requireDevice();
            }
            makeFileSystem();
            ready(
                    "mount",
                    "-t",
                    "xfs",
                    "-o",
                    "dax=always,noatime,nodiratime",
                    device.toString(),
                    mountPoint.toString());
            Files.setPosixFilePermissions(mountPoint, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, "the volume " + mountPoint + " cannot be opened: " + e, e);
        }
    }

    private void requireDevice() {
        if (!Files.exists(device)) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY,
                    "ndctl has made a namespace, and it is not " + device + ": set mm.pmem.device (ndctl list)");
        }
    }

    private void makeFileSystem() {
        Command.Result found = Command.of(
                        "blkid", "--probe", "--match-tag", "TYPE", "--output", "value", device.toString())
                .run();
        String type = found.output().strip();
        if (found.status() == NOTHING_FOUND) {
            ready("mkfs.xfs", "-q", "-m", "reflink=1", device.toString());
        } else if (!found.succeeded() || !type.equals("xfs")) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY,
                    device + " is not touched: it holds "
                            + (found.succeeded() ? type : "what blkid cannot tell: " + type));
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
        return "fsdax";
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
