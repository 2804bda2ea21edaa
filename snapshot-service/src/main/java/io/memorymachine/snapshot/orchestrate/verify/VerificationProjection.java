package io.memorymachine.snapshot.orchestrate.verify;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.store.Catalogue;

/** What follows from a verification: its verdict stands in the snapshot's entry, if there still is one. */
@ApplicationScoped
public class VerificationProjection implements SagaProjection<VerificationData> {
    private static final SagaDefinition<VerificationData> DEFINITION = VerificationSaga.definition();

    private final Catalogue catalogue;

    @Inject
    VerificationProjection(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public SagaDefinition<VerificationData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<VerificationData> before, SagaState<VerificationData> after) {
        if (!after.phase().terminal()) {
            return Uni.createFrom().item(List.of());
        }
        return catalogue
                .find(session, UUID.fromString(after.data().snapshotId()))
                .invoke(row -> {
                    if (row != null) {
                        row.verified(
                                after.endedAt(), after.failure() == null ? null : catalogue.write(after.failure()));
                    }
                })
                .replaceWith(List.of());
    }
}
