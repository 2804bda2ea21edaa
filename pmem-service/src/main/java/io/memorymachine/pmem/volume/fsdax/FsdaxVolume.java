package io.memorymachine.pmem.volume.fsdax;

import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.volume.MountedVolume;

/**
 * Real persistent memory: XFS with reflink on an fsdax namespace. Heaps are mapped directly, without the page cache.
 *
 * <p>Opening goes namespace, file system, mount; each step looks first whether it was done, so an opening that died is
 * finished by the next one. A device that holds anything but XFS is refused and left as it is.
 */
public final class FsdaxVolume extends MountedVolume {
    /** What blkid says of a device on which it finds nothing. */
    private static final int NOTHING_FOUND = 2;

    private final Path device;

    /**
     * A volume that is not open yet.
     *
     * @param device made with ndctl, from the capacity that is free, where it is missing
     * @param mountPoint made where it is missing
     */
    public FsdaxVolume(Path device, Path mountPoint) {
        super(mountPoint);
        this.device = device.toAbsolutePath();
    }

    @Override
    protected Path makeReady() {
        if (!Files.exists(device)) {
            ready("ndctl", "create-namespace", "--mode=fsdax");
            requireDevice();
        }
        makeFileSystem();
        return device;
    }

    @Override
    protected String mountOptions() {
        return "dax=always,noatime,nodiratime";
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
    public String kind() {
        return "fsdax";
    }
}
