package io.memorymachine.local.chaos;

import java.util.Locale;

/** What happens to the system while a step is held open. */
enum Fault {
    /** Nothing: the control. */
    NONE,
    KILL_LICENSE("license-service"),
    KILL_PMEM("pmem-service"),
    KILL_SNAPSHOT("snapshot-service"),
    KILL_RESTORE("restore-service"),
    KILL_KAFKA("kafka"),
    KILL_POSTGRES("postgres"),
    KILL_MEMBER,
    CANCEL,
    /** pmem-service is killed while CRIU works, and not only when it has worked. */
    KILL_PMEM_AT_WORK("pmem-service"),
    /** The broker comes back after a minute. */
    KAFKA_AWAY("kafka"),
    /** The database comes back after a minute. */
    POSTGRES_AWAY("postgres"),
    /** The only snapshot-service comes back after the longest pause, when the lease should have been kept without it. */
    SNAPSHOT_AWAY("snapshot-service"),
    /** pmem-service stays away and snapshot-service comes back: it has to keep the lease alone. */
    SNAPSHOT_AND_PMEM_AWAY("snapshot-service", "pmem-service"),
    /** Of two instances the one that began is killed and stays away. */
    ONE_OF_TWO,
    VOLUME_FULL,
    /** Another operation on the workload is asked for meanwhile. */
    SECOND_SNAPSHOT,
    SECOND_RESTORE,
    /** The snapshot that is being restored is deleted meanwhile. */
    DELETE_SNAPSHOT,
    /** A byte of a member image is another. */
    FLIPPED_BYTE,
    MISSING_FILE,
    TRUNCATED_FILE,
    FOREIGN_MANIFEST,
    TAMPERED_MANIFEST;

    private final String[] processes;

    Fault(String... processes) {
        this.processes = processes;
    }

    /** The processes that are killed, by name. */
    String[] processes() {
        return processes.clone();
    }

    /** Whether a member image is damaged before the operation is asked for. */
    boolean damagesImage() {
        return compareTo(FLIPPED_BYTE) >= 0;
    }

    /** As it stands in the names of cells. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
