package io.memorymachine.restore.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.workload.Names;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.saga.state.SagaPhase;

/** Finds and adds restores within the caller's session. */
@ApplicationScoped
public class Restores {
    private static final List<SagaPhase> RUNNING = List.of(SagaPhase.RUNNING, SagaPhase.COMPENSATING);

    /** The restore of this name, or null. */
    public Uni<RestoreRow> find(Mutiny.Session session, String name) {
        if (!Names.isLabel(name)) {
            // Nothing bears such a name, and the database would refuse some of them.
            return Uni.createFrom().nullItem();
        }
        return session.createSelectionQuery("from RestoreRow where name = :name", RestoreRow.class)
                .setParameter("name", name)
                .getSingleResultOrNull();
    }

    /** The restore of this id, or null. */
    public Uni<RestoreRow> find(Mutiny.Session session, UUID id) {
        return session.find(RestoreRow.class, id);
    }

    /**
     * Restores in the order of their names.
     *
     * @param namespace only of workloads of this namespace that are known already, or null for all
     * @param after only those whose names follow this one, or null for all
     */
    public Uni<List<RestoreRow>> list(Mutiny.Session session, String namespace, String after, int limit) {
        return session.createSelectionQuery("""
                        from RestoreRow where (:namespace is null or namespace = :namespace)
                        and name > :after order by name""", RestoreRow.class)
                .setParameter("namespace", namespace)
                .setParameter("after", after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList();
    }

    /**
     * Adds a restore that begins to run. Concurrent callers wait for each other's commit, so that one of them is refused.
     *
     * @param workload null where it is not known yet
     * @return whether it was added; false where it was there already
     * @throws OperationFailedException (emitted) RESTORE_NAME_IN_USE; WORKLOAD_BUSY, naming the restore that runs on it
     */
    public Uni<Boolean> add(
            Mutiny.Session session, UUID id, String name, String snapshot, WorkloadRef workload, Instant now) {
        return session.createMutationQuery("""
                        insert into RestoreRow (id, name, snapshot, namespace, workload, phase, requestedAt)
                        values (:id, :name, :snapshot, :namespace, :workload, :phase, :now)
                        on conflict do nothing""")
                .setParameter("id", id)
                .setParameter("name", name)
                .setParameter("snapshot", snapshot)
                .setParameter("namespace", workload == null ? null : workload.namespace())
                .setParameter("workload", workload == null ? null : workload.name())
                .setParameter("phase", SagaPhase.RUNNING)
                .setParameter("now", now)
                .executeUpdate()
                .chain(inserted -> inserted == 1
                        ? Uni.createFrom().item(true)
                        : inTheWay(session, id, name, workload).replaceWith(false));
    }

    /** Whether a restore runs on the workload. */
    public Uni<Boolean> runsOn(Mutiny.Session session, WorkloadRef workload) {
        return running(session, workload).map(restore -> restore != null);
    }

    /** Notes the workload, unless it is noted already or another restore runs on it still. */
    public Uni<Void> belongsTo(Mutiny.Session session, RestoreRow row, WorkloadRef workload) {
        if (row.workload != null) {
            return Uni.createFrom().voidItem();
        }
        return running(session, workload)
                .invoke(other -> {
                    if (other == null) {
                        row.belongsTo(workload);
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Void> inTheWay(Mutiny.Session session, UUID id, String name, WorkloadRef workload) {
        return find(session, id)
                .chain(same -> same != null
                        ? Uni.createFrom().voidItem()
                        : find(session, name)
                                .chain(namesake -> {
                                    if (namesake != null) {
                                        throw new OperationFailedException(
                                                FailureReason.RESTORE_NAME_IN_USE,
                                                "A restore " + name + " of snapshot " + namesake.snapshot + " exists");
                                    }
                                    return running(session, workload).invoke(other -> {
                                        throw new OperationFailedException(
                                                FailureReason.WORKLOAD_BUSY,
                                                other == null
                                                        ? "Another restore of " + workload
                                                                + " has just ended; try again"
                                                        : "Restore " + other.name + " runs on " + workload);
                                    });
                                })
                                .replaceWithVoid());
    }

    private static Uni<RestoreRow> running(Mutiny.Session session, WorkloadRef workload) {
        return session.createSelectionQuery(
                        "from RestoreRow where namespace = :namespace and workload = :workload and phase in :running",
                        RestoreRow.class)
                .setParameter("namespace", workload.namespace())
                .setParameter("workload", workload.name())
                .setParameter("running", RUNNING)
                .getSingleResultOrNull();
    }
}
