package io.memorymachine.snapshot.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** What restores hold of snapshots and workloads. */
@ApplicationScoped
public class Holds {
    private final WorkloadLocks locks;

    @Inject
    Holds(WorkloadLocks locks) {
        this.locks = locks;
    }

    /** Gives back all that a restore holds, in the caller's transaction; nothing where it holds nothing. */
    public Uni<Void> release(Mutiny.Session session, String restoreId) {
        return session.createMutationQuery("delete from HoldRow where restoreId = :restore")
                .setParameter("restore", restoreId)
                .executeUpdate()
                .chain(() -> locks.release(session, restoreId));
    }
}
