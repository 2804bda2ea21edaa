package io.memorymachine.snapshot.orchestrate.verify;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.progress.SagaProgress;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotRow;

/** Verifies snapshots. */
@ApplicationScoped
public class Verifications {
    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final SagaEngine engine;
    private final VerificationProjection projection;
    private final SagaProgress progress;

    @Inject
    Verifications(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            SagaEngine engine,
            VerificationProjection projection,
            SagaProgress progress) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.engine = engine;
        this.projection = projection;
        this.progress = progress;
    }

    /**
     * Verifies a sealed snapshot to the end. A deletion meanwhile makes it fail with what is missing then.
     *
     * @return the saga that did it; its failure is what is wrong with the snapshot
     * @throws OperationFailedException (emitted) SNAPSHOT_NOT_SEALED
     */
    public Uni<SagaState<VerificationData>> verify(SnapshotRow row) {
        UUID id = UUID.randomUUID();
        return Uni.createFrom()
                .item(() -> new VerificationData(
                        row.id().toString(), row.name(), catalogue.manifest(row).images(), 0))
                .chain(data -> sessions.withTransaction(
                        session -> engine.start(session, projection, id, row.name(), data, null)))
                .invoke(engine::sent)
                .chain(() -> progress.follow(projection, id).collect().last())
                .chain(() -> sessions.withSession(session -> engine.find(session, projection, id)));
    }
}
