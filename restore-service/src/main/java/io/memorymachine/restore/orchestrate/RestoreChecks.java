package io.memorymachine.restore.orchestrate;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.restore.store.Restores;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.progress.SagaProgress;
import io.memorymachine.saga.state.SagaState;

/** Finds out whether restores could begin, and begins none. */
@ApplicationScoped
public class RestoreChecks {
    private final Mutiny.SessionFactory sessions;
    private final Restores restores;
    private final SagaEngine engine;
    private final RestoreCheckProjection projection;
    private final SagaProgress progress;

    @Inject
    RestoreChecks(
            Mutiny.SessionFactory sessions,
            Restores restores,
            SagaEngine engine,
            RestoreCheckProjection projection,
            SagaProgress progress) {
        this.sessions = sessions;
        this.restores = restores;
        this.engine = engine;
        this.projection = projection;
        this.progress = progress;
    }

    /**
     * Runs the checks to their end.
     *
     * @return the saga that ran them; its failure is the first reason against the restore
     * @throws OperationFailedException (emitted) RESTORE_NAME_IN_USE
     */
    public Uni<SagaState<RestoreData>> check(String name, String snapshot, boolean safety) {
        UUID id = UUID.randomUUID();
        RestoreData data = RestoreData.requested(id.toString(), name, snapshot, safety);
        return sessions.withTransaction(session -> restores.find(session, name)
                        .invoke(existing -> {
                            if (existing != null) {
                                throw new OperationFailedException(
                                        FailureReason.RESTORE_NAME_IN_USE, "A restore " + name + " exists");
                            }
                        })
                        .chain(() -> engine.start(session, projection, id, name, data, null)))
                .invoke(engine::sent)
                .chain(() -> progress.follow(projection, id).collect().last())
                .chain(() -> sessions.withSession(session -> engine.find(session, projection, id)));
    }

    /** The steps that a restore would have behind the checks, in their order. */
    public static List<String> stepsBehind(RestoreData data) {
        return RestoreSaga.definition().after("verify").stream()
                .filter(step -> step.applies(data))
                .map(Step::name)
                .toList();
    }
}
