package io.memorymachine.snapshot.orchestrate.take;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaState;

/** Nothing follows from a check: its caller reads the saga. */
@ApplicationScoped
public class SnapshotCheckProjection implements SagaProjection<SnapshotData> {
    private static final SagaDefinition<SnapshotData> DEFINITION = SnapshotCheckSaga.definition();

    @Override
    public SagaDefinition<SnapshotData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<SnapshotData> before, SagaState<SnapshotData> after) {
        return Uni.createFrom().item(List.of());
    }
}
