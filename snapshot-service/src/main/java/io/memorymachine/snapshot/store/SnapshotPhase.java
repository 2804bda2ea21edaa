package io.memorymachine.snapshot.store;

import java.util.Set;

/** Where a snapshot stands in the catalogue. */
public enum SnapshotPhase {
    /** Being taken. */
    RUNNING,
    /** Whole, checked and unchangeable: the only phase that can be restored. */
    SEALED,
    /** Could not be taken; nothing is left of it on the nodes. */
    FAILED,
    /** Was cancelled; nothing is left of it on the nodes. */
    CANCELLED,
    /** Being deleted: not restorable any more. */
    DELETING,
    /** Could not be deleted from all nodes; deleting again is the way on. */
    DELETE_FAILED;

    /** Whether there is no snapshot behind the entry, so that its name may be taken again. */
    public boolean nameIsFree() {
        return Set.of(FAILED, CANCELLED).contains(this);
    }
}
