package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;

/** Finds out by trial whether a file system clones files. One that has done so once goes on to. */
public final class CloneProbe {
    private static final int BLOCK = 4096;

    private final Path folder;
    private volatile boolean clones;

    /** @param folder in which it is tried, in a folder of its own that is removed */
    public CloneProbe(Path folder) {
        this.folder = folder;
    }

    /** How images are made there. A trial that fails is made again the next time: the volume may have been full. */
    public CaptureMode mode() {
        try {
            if (!clones) {
                clones = succeeds();
            }
            return clones ? CaptureMode.CLONE : CaptureMode.FULL;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean succeeds() throws IOException {
        Path trial = Files.createTempDirectory(folder, "clone-probe");
        try {
            Path original = PrivateFiles.write(trial.resolve("original"), new byte[BLOCK]);
            return Command.of(
                            "cp",
                            "--reflink=always",
                            original.toString(),
                            trial.resolve("clone").toString())
                    .run()
                    .succeeded();
        } finally {
            Trees.remove(trial);
        }
    }
}
