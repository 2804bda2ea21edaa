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
import io.memorymachine.saga.state.SagaState;
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
     * @param encrypted whether the images are to be encrypted
     * @param onBehalfOf the restore that holds the workload's lock and wants this as its safety snapshot, or null
     * @param origin the command to answer at the end, or null
     * @throws OperationFailedException (emitted) SNAPSHOT_NAME_IN_USE, WORKLOAD_BUSY
     */
    public Uni<UUID> accept(
            UUID id,
            String name,
            WorkloadRef workload,
            ProfileSettings profile,
            boolean encrypted,
            String onBehalfOf,
            Correlation origin) {
        SnapshotData data = SnapshotData.requested(id.toString(), name, workload, profile, encrypted, onBehalfOf);
        return sessions.withTransaction(session -> accept(session, id, data, origin))
                .invoke(engine::sent);
    }

    private Uni<UUID> accept(Mutiny.Session session, UUID id, SnapshotData d, Correlation origin) {
        return catalogue.lock(session, d.name()).chain(existing -> {
            if (existing != null && existing.id().equals(id)) {
                return Uni.createFrom().item(id);
            }
            return vacate(session, existing)
                    .chain(() -> d.onBehalfOf() == null
                            ? locks.take(session, d.workload(), "snapshot", id.toString(), d.name())
                            : locks.requireHeldBy(session, d.workload(), d.onBehalfOf()))
                    .chain(() -> catalogue.add(
                            session, id, d.name(), d.workload(), d.profile(), d.onBehalfOf(), clock.instant()))
                    .chain(() -> engine.start(session, projection, id, d.name(), d, origin))
                    .replaceWith(id);
        });
    }

    /**
     * Cancels a snapshot that is being taken; one that is cancelled already stays so.
     *
     * @throws OperationFailedException (emitted) NOT_CANCELLABLE, with how far it has come
     */
    public Uni<Void> cancel(UUID id) {
        return engine.cancel(id)
                .chain(verdict -> verdict == Decision.Verdict.TAKEN
                        ? Uni.createFrom().voidItem()
                        : sessions.withSession(session -> engine.find(session, projection, id))
                                .invoke(SnapshotRequests::requireCancelled)
                                .replaceWithVoid());
    }

    /** Cancels the snapshot of this name if it is being taken on behalf of this restore; does nothing otherwise. */
    public Uni<Void> cancelFor(String restore, String name) {
        return sessions.withSession(session -> catalogue.find(session, name))
                .chain(row -> restore != null && row != null && restore.equals(row.onBehalfOf())
                        ? engine.cancel(row.id()).replaceWithVoid()
                        : Uni.createFrom().voidItem());
    }

    private static void requireCancelled(SagaState<SnapshotData> saga) {
        if (saga.failure() != null && saga.failure().reason() == FailureReason.CANCELLED) {
            return;
        }
        String progress = switch (saga.phase()) {
            case RUNNING -> "is past its point of no return, in step " + saga.step();
            case COMPENSATING -> "has failed and is being undone, in step " + saga.step();
            case COMPLETED -> "is not being taken any more";
            case FAILED, CANCELLED, ROLLED_BACK -> "has failed and was undone";
        };
        throw new OperationFailedException(FailureReason.NOT_CANCELLABLE, "Snapshot " + saga.name() + " " + progress);
    }

    private static Uni<Void> vacate(Mutiny.Session session, SnapshotRow existing) {
        if (existing == null) {
            return Uni.createFrom().voidItem();
        }
        if (!existing.phase().nameIsFree()) {
            throw Catalogue.inUse(existing);
        }
        // Removed at once, since the name is unique and Hibernate inserts before it deletes.
        return session.remove(existing).chain(session::flush);
    }
}
