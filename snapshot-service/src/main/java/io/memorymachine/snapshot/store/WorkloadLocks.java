package io.memorymachine.snapshot.store;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** One operation at a time on a workload, across all services: snapshot-service keeps the locks for restores too. */
@ApplicationScoped
public class WorkloadLocks {
    private final Clock clock;

    @Inject
    WorkloadLocks(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes the lock in the caller's transaction; a holder that has it already keeps it. Concurrent takers wait for each
     * other's commit.
     *
     * @throws OperationFailedException (emitted) WORKLOAD_BUSY, naming the holder
     */
    public Uni<Void> take(
            Mutiny.Session session, WorkloadRef workload, String kind, String holderId, String holderName) {
        return session.createNativeQuery("""
                        insert into workload_lock (namespace, workload, kind, holder_id, holder_name, since)
                        values (:namespace, :workload, :kind, :holderId, :holderName, :since)
                        on conflict do nothing""")
                .setParameter("namespace", workload.namespace())
                .setParameter("workload", workload.name())
                .setParameter("kind", kind)
                .setParameter("holderId", holderId)
                .setParameter("holderName", holderName)
                .setParameter("since", clock.instant())
                .executeUpdate()
                .chain(inserted ->
                        inserted == 1 ? Uni.createFrom().voidItem() : requireHeldBy(session, workload, holderId));
    }

    /**
     * Checks that the lock is held by the given operation.
     *
     * @throws OperationFailedException (emitted) WORKLOAD_BUSY otherwise
     */
    public Uni<Void> requireHeldBy(Mutiny.Session session, WorkloadRef workload, String holderId) {
        return session.find(LockRow.class, new LockRow.Key(workload.namespace(), workload.name()))
                .invoke(lock -> {
                    if (lock == null || !lock.holderId.equals(holderId)) {
                        throw new OperationFailedException(
                                FailureReason.WORKLOAD_BUSY,
                                workload + " is locked by "
                                        + (lock == null ? "an operation that just ended" : lock.describe()));
                    }
                })
                .replaceWithVoid();
    }

    /** The kind and name of the operation that has locked the workload, or null. */
    public Uni<String> holder(Mutiny.Session session, WorkloadRef workload) {
        return session.find(LockRow.class, new LockRow.Key(workload.namespace(), workload.name()))
                .map(lock -> lock == null ? null : lock.describe());
    }

    /** Gives back whatever the holder has locked; nothing if it has nothing. */
    public Uni<Void> release(Mutiny.Session session, String holderId) {
        return session.createMutationQuery("delete from LockRow where holderId = :holder")
                .setParameter("holder", holderId)
                .executeUpdate()
                .replaceWithVoid();
    }
}
