package io.memorymachine.snapshot.orchestrate.take;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.progress.SagaProgress;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.WorkloadLocks;

/** Finds out whether snapshots could be taken, and takes none. */
@ApplicationScoped
public class SnapshotChecks {
    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final WorkloadLocks locks;
    private final SagaEngine engine;
    private final SnapshotCheckProjection projection;
    private final SagaProgress progress;

    @Inject
    SnapshotChecks(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            WorkloadLocks locks,
            SagaEngine engine,
            SnapshotCheckProjection projection,
            SagaProgress progress) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.locks = locks;
        this.engine = engine;
        this.projection = projection;
        this.progress = progress;
    }

    /**
     * Runs the checks to their end.
     *
     * @return the saga that ran them; its failure is the first reason against the snapshot
     * @throws OperationFailedException (emitted) SNAPSHOT_NAME_IN_USE, WORKLOAD_BUSY
     */
    public Uni<SagaState<SnapshotData>> check(
            String name, WorkloadRef workload, ProfileSettings profile, boolean encrypted) {
        UUID id = UUID.randomUUID();
        SnapshotData data = SnapshotData.requested(id.toString(), name, workload, profile, encrypted, null);
        return sessions.withTransaction(session ->
                        requireFree(session, data).chain(() -> engine.start(session, projection, id, name, data, null)))
                .invoke(engine::sent)
                .chain(() -> progress.follow(projection, id).collect().last())
                .chain(() -> sessions.withSession(session -> engine.find(session, projection, id)));
    }

    /** The steps that taking a snapshot would have behind the checks, in their order. */
    public static List<String> stepsBehind(SnapshotData data) {
        return SnapshotSaga.definition().after("reserve").stream()
                .filter(step -> step.applies(data))
                .map(Step::name)
                .toList();
    }

    private Uni<Void> requireFree(Mutiny.Session session, SnapshotData data) {
        return catalogue
                .find(session, data.name())
                .invoke(existing -> {
                    if (existing != null && !existing.phase().nameIsFree()) {
                        throw Catalogue.inUse(existing);
                    }
                })
                .chain(() -> locks.holder(session, data.workload()))
                .invoke(holder -> {
                    if (holder != null) {
                        throw new OperationFailedException(
                                FailureReason.WORKLOAD_BUSY, data.workload() + " is locked by " + holder);
                    }
                })
                .replaceWithVoid();
    }
}
