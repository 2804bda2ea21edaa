package io.memorymachine.snapshot.orchestrate.take;

import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotRow;
import io.memorymachine.snapshot.store.WorkloadLocks;

/** Takes requests for snapshots: the entry, the workload's lock and the saga come into being together, or not at all. */
@ApplicationScoped
public class SnapshotRequests {
    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final WorkloadLocks locks;
    private final SagaEngine engine;
    private final SnapshotProjection projection;
    private final Clock clock;

    @Inject
    SnapshotRequests(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            WorkloadLocks locks,
            SagaEngine engine,
            SnapshotProjection projection,
            Clock clock) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.locks = locks;
        this.engine = engine;
        this.projection = projection;
        this.clock = clock;
    }

    /**
     * Accepts a request. A repetition with the same id is accepted without effect.
     *
     * @param onBehalfOf the restore that holds the workload's lock and wants this as its safety snapshot, or null
     * @param origin the command to answer at the end, or null
     * @throws OperationFailedException (emitted) SNAPSHOT_NAME_IN_USE, WORKLOAD_BUSY
     */
    public Uni<UUID> accept(
            UUID id,
            String name,
            WorkloadRef workload,
            ProfileSettings profile,
            String onBehalfOf,
            Correlation origin) {
        return sessions.withTransaction(session -> catalogue.lock(session, name).chain(existing -> {
                    if (existing != null && existing.id().equals(id)) {
                        return Uni.createFrom().item(id);
                    }
                    return vacate(session, existing)
                            .chain(() -> onBehalfOf == null
                                    ? locks.take(session, workload, "snapshot", id.toString(), name)
                                    : locks.requireHeldBy(session, workload, onBehalfOf))
                            .chain(() -> session.persist(
                                    new SnapshotRow(id, name, workload, profile, onBehalfOf, clock.instant())))
                            .chain(session::flush)
                            .chain(() -> engine.start(
                                    session,
                                    projection,
                                    id,
                                    name,
                                    SnapshotData.requested(id.toString(), name, workload, profile, onBehalfOf),
                                    origin))
                            .replaceWith(id);
                }))
                .invoke(engine::sent);
    }

    /**
     * Cancels a snapshot that is being taken.
     *
     * @throws OperationFailedException (emitted) SNAPSHOT_NOT_FOUND, NOT_CANCELLABLE
     */
    public Uni<Void> cancel(String name) {
        return sessions.withSession(session -> catalogue.find(session, name))
                .onItem()
                .ifNull()
                .failWith(() ->
                        new OperationFailedException(FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot " + name))
                .chain(row -> engine.cancel(row.id()))
                .invoke(verdict -> {
                    if (verdict != Decision.Verdict.TAKEN) {
                        throw new OperationFailedException(
                                FailureReason.NOT_CANCELLABLE, "Snapshot " + name + " is not being taken any more");
                    }
                })
                .replaceWithVoid();
    }

    private static Uni<Void> vacate(Mutiny.Session session, SnapshotRow existing) {
        if (existing == null) {
            return Uni.createFrom().voidItem();
        }
        if (!existing.phase().nameIsFree()) {
            throw new OperationFailedException(
                    FailureReason.SNAPSHOT_NAME_IN_USE,
                    "A snapshot " + existing.name() + " of " + existing.workloadRef() + " exists: it is "
                            + existing.phase());
        }
        // Removed at once, since the name is unique and Hibernate inserts before it deletes.
        return session.remove(existing).chain(session::flush);
    }
}
