package io.memorymachine.platform.local;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * One incarnation of a member, as it is written down before it is made and completed when it runs.
 *
 * @param container the id of its container, which no other incarnation has
 * @param address its IP address
 * @param operation what made it: the operation of a recreation, or "create"
 * @param replacedAt when the incarnation before it had ended; null if there was none
 * @param init its first process; null until that runs, and then for good
 * @param monitor the runc process that carries its output to the log; null until init is set
 */
record MemberRecord(
        int ordinal,
        String container,
        String address,
        String operation,
        Instant replacedAt,
        HostProcess init,
        HostProcess monitor) {
    /** The record of a member that is about to be made. */
    static MemberRecord intended(int ordinal, String container, String address, String operation, Instant replacedAt) {
        return new MemberRecord(ordinal, container, address, operation, replacedAt, null, null);
    }

    MemberRecord running(HostProcess itsInit, HostProcess itsMonitor) {
        return new MemberRecord(ordinal, container, address, operation, replacedAt, itsInit, itsMonitor);
    }

    @JsonIgnore
    boolean isRunning() {
        return init != null && init.isAlive();
    }
}
