package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.jboss.logging.Logger;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Command;

/**
 * Space that nobody uses any more and that is not free yet: XFS frees removed files in the background, which takes seconds for
 * a heap of many fragments ({@code inodegc} in Linux' filesystems/xfs), and allocates ahead of who appends to a file.
 */
final class DeferredFrees {
    private static final Logger LOG = Logger.getLogger(DeferredFrees.class);

    private static final Duration LONGEST = Duration.ofSeconds(15);

    private DeferredFrees() {}

    /**
     * Waits until such space is free, 15 s at most; does nothing on another file system than XFS. What cannot be had is left
     * where it is, with a warning: whoever needs the space looks again.
     *
     * @param folder on the file system
     * @throws OperationFailedException CANCELLED when interrupted
     */
    static void await(Path folder) throws IOException {
        if (!Files.getFileStore(folder).type().equals("xfs")) {
            return;
        }
        try {
            Command.of("xfs_spaceman", "-c", "prealloc -s", folder.toString())
                    .within(LONGEST)
                    .orFail(FailureReason.VOLUME_NOT_READY);
        } catch (OperationFailedException e) {
            if (e.reason() == FailureReason.CANCELLED) {
                throw e;
            }
            LOG.warnf("Space on %s that is about to be free is not waited for: %s", folder, e.getMessage());
        }
    }
}
