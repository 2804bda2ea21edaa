package io.memorymachine.restore.orchestrate;

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
public class RestoreCheckProjection implements SagaProjection<RestoreData> {
    private static final SagaDefinition<RestoreData> DEFINITION = RestoreCheckSaga.definition();

    @Override
    public SagaDefinition<RestoreData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<RestoreData> before, SagaState<RestoreData> after) {
        return Uni.createFrom().item(List.of());
    }
}
