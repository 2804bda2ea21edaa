package io.memorymachine.pmem.volume;

import java.nio.file.Path;

import io.memorymachine.contract.pmem.CaptureMode;

/** A directory, on a file system that can clone files if all is well, that holds live heaps and snapshots. */
public interface PmemVolume {
    /**
     * Makes the volume usable; does nothing where it is.
     *
     * @throws io.memorymachine.failure.OperationFailedException VOLUME_NOT_READY with the failed command's words
     */
    void open();

    /** Takes the volume out of use, keeping its content; does nothing where it is not in use, and fails while it is. */
    void close();

    /** Whether {@link #open} was successful and the volume is still there. */
    boolean isOpen();

    /** Where it is mounted. */
    Path root();

    /** {@code emulated}, {@code directory} or {@code fsdax}. */
    String kind();

    /** How heaps are captured here: {@code CLONE} where a trial clone works, else {@code FULL}. */
    CaptureMode captureMode();

    /** The folders on it. */
    default VolumeLayout layout() {
        return new VolumeLayout(root());
    }
}
