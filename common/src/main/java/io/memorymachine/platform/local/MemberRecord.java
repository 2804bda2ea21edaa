package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * One incarnation of a member, as it is written down before it is made and completed when it runs.
 *
 * @param container the id of its container, which no other incarnation has
 * @param address its IP address
 * @param operation what made it: the operation of a recreation, or "create"
 * @param placeholder whether it was made without an application, to wait for a process
 * @param replacedAt when the incarnation before it had ended; null if there was none
 * @param init its first process; null until that runs, and then for good
 * @param monitor the runc process that carries its output to the log; null until init is set
 */
record MemberRecord(
        int ordinal,
        String container,
        String address,
        String operation,
        boolean placeholder,
        Instant replacedAt,
        HostProcess init,
        HostProcess monitor) {
    /** The record of a member that is about to be made. */
    static MemberRecord intended(
            int ordinal, String container, String address, String operation, boolean placeholder, Instant replacedAt) {
        return new MemberRecord(ordinal, container, address, operation, placeholder, replacedAt, null, null);
    }

    MemberRecord running(HostProcess itsInit, HostProcess itsMonitor) {
        return new MemberRecord(ordinal, container, address, operation, placeholder, replacedAt, itsInit, itsMonitor);
    }

    @JsonIgnore
    boolean isRunning() {
        return init != null && init.isAlive();
    }

    /** Whether it is a placeholder into which no process was put yet; false also where that cannot be seen. */
    @JsonIgnore
    boolean isWaiting() {
        if (!placeholder || !isRunning()) {
            return false;
        }
        try {
            String pid = Long.toString(init.pid());
            return Files.readString(Path.of("/proc", pid, "task", pid, "children"))
                            .isBlank()
                    && isRunning();
        } catch (IOException ended) {
            return false;
        }
    }
}
