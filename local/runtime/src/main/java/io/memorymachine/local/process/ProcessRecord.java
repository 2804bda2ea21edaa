package io.memorymachine.local.process;

import java.util.List;

/**
 * A process as it is written down when it starts, so that a later command finds it again.
 *
 * @param name unique in the run directory
 * @param startTicks with {@code pid} and {@code bootId} it names the process for good: a reused pid is another process
 * @param log where its output goes
 */
public record ProcessRecord(String name, long pid, long startTicks, String bootId, List<String> command, String log) {
    /** Whether this very process still runs. */
    public boolean alive() {
        return bootId.equals(ProcFs.bootId())
                && ProcFs.stat(pid)
                        .filter(stat -> stat.alive() && stat.startTicks() == startTicks)
                        .isPresent();
    }
}
