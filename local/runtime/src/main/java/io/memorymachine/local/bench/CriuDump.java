package io.memorymachine.local.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.participant.criu.DumpStats;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * What one would do without us: CRIU dumps the whole process, its heap included, and lets it run on.
 *
 * @param frozenMicros how long the process stood still, as CRIU tells it
 * @param bytes what lies in the folder afterwards
 */
record CriuDump(long frozenMicros, long bytes) {
    private static final Duration WITHIN = Duration.ofMinutes(5);

    /** Dumps a process into a folder, which is made and removed again. */
    static CriuDump of(Toolbox toolbox, long pid, Path folder) {
        Command dump = toolbox.criuOnNode(
                "dump",
                "--tree",
                Long.toString(pid),
                "--images-dir",
                folder.toString(),
                "--leave-running",
                "--tcp-close",
                "--network-lock",
                "skip",
                "--manage-cgroups=ignore",
                "--file-validation",
                "filesize",
                "--log-file",
                "dump.log");
        return by(dump, folder);
    }

    /** Has a command dump into a folder, statistics included; the folder is made and removed again. */
    static CriuDump by(Command dump, Path folder) {
        try {
            Trees.remove(folder);
            Files.createDirectories(folder);
            dump.within(WITHIN).orFail(FailureReason.CRIU_FAILED);
            DumpStats stats = DumpStats.read(folder.resolve("stats-dump"));
            return new CriuDump(stats.freezing() + stats.frozen(), Trees.size(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try {
            Trees.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
