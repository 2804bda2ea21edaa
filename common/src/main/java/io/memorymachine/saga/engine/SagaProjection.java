package io.memorymachine.saga.engine;

import java.util.List;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.state.SagaState;

/**
 * A kind of saga, with what a service derives from its states: catalogue rows and milestone facts. One CDI bean for each
 * kind; {@link SagaEngine} finds them.
 */
public interface SagaProjection<D> {
    /** The definition. */
    SagaDefinition<D> definition();

    /**
     * Writes what follows from a transition, in its transaction, and returns the facts to publish with it. Called once for
     * each committed transition.
     *
     * @param before null at the start
     */
    Uni<List<Fact>> project(Mutiny.Session session, SagaState<D> before, SagaState<D> after);
}
