package io.memorymachine.snapshot.orchestrate.delete;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotPhase;
import io.memorymachine.snapshot.store.SnapshotRow;

/** What follows from a deletion: the entry goes when the images are gone. */
@ApplicationScoped
public class DeletionProjection implements SagaProjection<DeletionData> {
    private static final SagaDefinition<DeletionData> DEFINITION = DeletionSaga.definition();

    private final Catalogue catalogue;
    private final Clock clock;

    @Inject
    DeletionProjection(Catalogue catalogue, Clock clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    @Override
    public SagaDefinition<DeletionData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<DeletionData> before, SagaState<DeletionData> after) {
        if (!after.phase().terminal()) {
            return Uni.createFrom().item(List.of());
        }
        DeletionData d = after.data();
        return catalogue
                .find(session, UUID.fromString(d.snapshotId()))
                .chain(row -> after.phase() == SagaPhase.COMPLETED ? removed(session, row, after) : failed(row, after));
    }

    private static Uni<List<Fact>> removed(Mutiny.Session session, SnapshotRow row, SagaState<DeletionData> deletion) {
        DeletionData d = deletion.data();
        return session.remove(row)
                .replaceWith(List.of(new SnapshotFact.Deleted(d.snapshotId(), d.name(), deletion.endedAt())));
    }

    private Uni<List<Fact>> failed(SnapshotRow row, SagaState<DeletionData> deletion) {
        row.ended(SnapshotPhase.DELETE_FAILED, catalogue.write(deletion.failure()), clock.instant());
        return Uni.createFrom().item(List.of());
    }
}
