package io.memorymachine.pmem.volume.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.CloneProbe;
import io.memorymachine.pmem.volume.PmemVolume;

/** A folder that somebody else provides: a mounted fsdax device, or any path. */
public final class DirectoryVolume implements PmemVolume {
    private final Path root;
    private final CloneProbe probe;

    /** A volume in the folder, which is made where it is missing. */
    public DirectoryVolume(Path root) {
        this.root = root.toAbsolutePath();
        this.probe = new CloneProbe(this.root);
    }

    @Override
    public void open() {
        try {
            Trees.create(root);
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, root + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Nothing to be done: the folder is not ours. */
    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return Files.isDirectory(root);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public String kind() {
        return "directory";
    }

    @Override
    public CaptureMode captureMode() {
        return probe.mode();
    }
}
