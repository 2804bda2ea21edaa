package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;

/** Finds out by trial whether a file system clones files. */
public final class CloneProbe {
    private static final int BLOCK = 4096;

    private CloneProbe() {}

    /** Tries in a folder of its own below the path, and removes it. */
    public static CaptureMode tryIn(Path folder) throws IOException {
        Path trial = Files.createTempDirectory(folder, "clone-probe");
        try {
            Path original = PrivateFiles.write(trial.resolve("original"), new byte[BLOCK]);
            Command.Result result = Command.of(
                            "cp",
                            "--reflink=always",
                            original.toString(),
                            trial.resolve("clone").toString())
                    .run();
            return result.succeeded() ? CaptureMode.CLONE : CaptureMode.FULL;
        } finally {
            Trees.remove(trial);
        }
    }
}
