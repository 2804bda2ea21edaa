package io.memorymachine.restore.store;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.memorymachine.history.Perishable;

/** What this service forgets: restores that have ended, each with its saga. */
final class RestoreHistory {
    private static final String ENDED = "phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK')";

    private RestoreHistory() {}

    @Produces
    @Singleton
    @Priority(2)
    static Perishable restores() {
        return Perishable.rows("restore", "restore", "id", "finished_at", ENDED);
    }

    @Produces
    @Singleton
    @Priority(1)
    static Perishable sagas() {
        return Perishable.rows(
                "saga",
                "saga",
                "id",
                "updated_at",
                "wake_at is null and " + ENDED + " and not exists (select 1 from restore where id = t.id)");
    }
}
