package io.memorymachine.snapshot.store;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.memorymachine.history.Perishable;

/** What this service forgets: snapshots of which nothing is left, leases that were kept, and sagas that nobody asks for. */
final class SnapshotHistory {
    private SnapshotHistory() {}

    @Produces
    @Singleton
    @Priority(2)
    static Perishable entries() {
        return Perishable.rows(
                "snapshot", "snapshot", "id", "finished_at", "phase in ('FAILED', 'CANCELLED') and manifest is null");
    }

    @Produces
    @Singleton
    @Priority(2)
    static Perishable leases() {
        return Perishable.rows(
                "quiesce-lease",
                "quiesce_lease",
                "snapshot_id",
                "resumed_at",
                "not exists ("
                        + "select 1 from saga where id = t.snapshot_id and phase in ('RUNNING', 'COMPENSATING'))");
    }

    /** Views read an entry's saga, so that goes after the entry. */
    @Produces
    @Singleton
    @Priority(1)
    static Perishable sagas() {
        return Perishable.rows("saga", "saga", "id", "updated_at", """
                wake_at is null and phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK')
                and not exists (select 1 from snapshot where id = t.id)
                and not exists (select 1 from snapshot where deletion_id = t.id)""");
    }
}
