package io.memorymachine.pmem.volume;

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

/** A volume that is an XFS of its own: it is open while it is mounted. */
public abstract class MountedVolume implements PmemVolume {
    private final Path mountPoint;
    private final CloneProbe probe;

    /** @param mountPoint made where it is missing */
    protected MountedVolume(Path mountPoint) {
        this.mountPoint = mountPoint.toAbsolutePath();
        this.probe = new CloneProbe(this.mountPoint);
    }

    /** Makes what can be mounted, unless it is there, and returns it. */
    protected abstract Path makeReady() throws IOException;

    /** For mount(8). */
    protected abstract String mountOptions();

    @Override
    public final void open() {
        try {
            Trees.create(mountPoint);
            if (isOpen()) {
                return;
            }
            Path source = makeReady();
            ready("mount", "-t", "xfs", "-o", mountOptions(), source.toString(), mountPoint.toString());
            Files.setPosixFilePermissions(mountPoint, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, "the volume " + mountPoint + " cannot be opened: " + e, e);
        }
    }

    @Override
    public final void close() {
        if (isOpen()) {
            ready("umount", mountPoint.toString());
        }
    }

    @Override
    public final boolean isOpen() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/mountinfo"));
            return MountInfo.parse(lines).points().contains(mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final Path root() {
        return mountPoint;
    }

    @Override
    public final CaptureMode captureMode() {
        return probe.mode();
    }

    /** Runs a command that the volume needs. */
    protected static void ready(String... command) {
        Command.of(command).orFail(FailureReason.VOLUME_NOT_READY);
    }
}
