package io.memorymachine.contract.envelope;

import java.util.List;

/** The names of the Kafka topics: the one place where they are written. */
public final class Topics {
    public static final String LICENSE_COMMANDS = "mm.license.commands";
    public static final String PMEM_COMMANDS = "mm.pmem.commands";
    public static final String SNAPSHOT_COMMANDS = "mm.snapshot.commands";
    public static final String RESTORE_COMMANDS = "mm.restore.commands";
    public static final String SNAPSHOT_REPLIES = "mm.snapshot.replies";
    public static final String RESTORE_REPLIES = "mm.restore.replies";
    public static final String EVENTS = "mm.events";
    public static final String DEAD_LETTER = "mm.deadletter";

    /** Where a command may ask to be answered. */
    public static final List<String> REPLIES = List.of(SNAPSHOT_REPLIES, RESTORE_REPLIES);

    /** All of them, for whoever creates topics beforehand. */
    public static final List<String> ALL = List.of(
            LICENSE_COMMANDS,
            PMEM_COMMANDS,
            SNAPSHOT_COMMANDS,
            RESTORE_COMMANDS,
            SNAPSHOT_REPLIES,
            RESTORE_REPLIES,
            EVENTS,
            DEAD_LETTER);

    private Topics() {}
}
