package io.memorymachine.snapshot.orchestrate.orphan;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

/** Nothing follows from the removal of an orphan but a line in the log. */
@ApplicationScoped
public class OrphanProjection implements SagaProjection<OrphanData> {
    private static final Logger LOG = Logger.getLogger(OrphanProjection.class);
    private static final SagaDefinition<OrphanData> DEFINITION = OrphanSaga.definition();

    @Override
    public SagaDefinition<OrphanData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(Mutiny.Session session, SagaState<OrphanData> before, SagaState<OrphanData> after) {
        if (after.phase() == SagaPhase.COMPLETED) {
            OrphanData d = after.data();
            LOG.infof(
                    "snapshot=%s node=%s was an orphan and is removed: %d bytes freed",
                    d.snapshotId(), d.node(), d.freedBytes());
        }
        return Uni.createFrom().item(List.of());
    }
}
