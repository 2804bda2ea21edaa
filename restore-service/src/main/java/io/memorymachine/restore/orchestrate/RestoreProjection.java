package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.restore.store.RestoreRow;
import io.memorymachine.restore.store.Restores;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.saga.state.StepRecord;

/** What follows from the restore saga: the restore's row and the milestones. */
@ApplicationScoped
public class RestoreProjection implements SagaProjection<RestoreData> {
    private static final SagaDefinition<RestoreData> DEFINITION = RestoreSaga.definition();

    private final Restores restores;
    private final MeterRegistry meters;

    @Inject
    RestoreProjection(Restores restores, MeterRegistry meters) {
        this.restores = restores;
        this.meters = meters;
    }

    @Override
    public SagaDefinition<RestoreData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<RestoreData> before, SagaState<RestoreData> after) {
        measure(before, after);
        return restores.find(session, after.id())
                .call(row -> after.data().manifest() == null
                        ? Uni.createFrom().voidItem()
                        : restores.belongsTo(
                                session, row, after.data().manifest().workload()))
                .invoke(row -> row.moved(after.phase(), after.endedAt()))
                .map(row -> milestones(row, before, after));
    }

    /** For how long the workload was away: from the end of its last old member to the whole cluster. */
    private void measure(SagaState<RestoreData> before, SagaState<RestoreData> after) {
        RestoreData d = after.data();
        boolean back = before != null && before.data().activeAt() == null && d.activeAt() != null;
        if (back && d.destroyedAt() != null) {
            meters.timer("mm.restore.downtime").record(Duration.between(d.destroyedAt(), d.activeAt()));
        }
    }

    private static List<Fact> milestones(RestoreRow row, SagaState<RestoreData> before, SagaState<RestoreData> after) {
        RestoreData d = after.data();
        String id = d.restoreId();
        WorkloadRef workload =
                d.manifest() == null ? row.workloadRef() : d.manifest().workload();
        List<Fact> facts = new ArrayList<>();
        if (before == null) {
            facts.add(new RestoreFact.Requested(id, d.name(), d.snapshot(), workload, after.startedAt()));
            return facts;
        }
        StepRecord ended = finished(before, after);
        if (ended != null && ended.step().equals(RestoreSaga.RECREATE)) {
            facts.add(new RestoreFact.PodsRecreated(id, d.name(), ended.endedAt()));
        }
        if (ended != null && ended.step().equals(RestoreSaga.RELEASE)) {
            facts.add(new RestoreFact.Released(id, d.name(), d.releasedAt()));
        }
        switch (after.phase()) {
            case COMPLETED ->
                facts.add(new RestoreFact.Completed(id, d.name(), d.snapshot(), workload, after.endedAt()));
            case FAILED, CANCELLED ->
                facts.add(new RestoreFact.Failed(id, d.name(), workload, after.endedAt(), after.failure()));
            case ROLLED_BACK ->
                facts.add(new RestoreFact.RolledBack(id, d.name(), workload, after.endedAt(), after.failure()));
            case RUNNING, COMPENSATING -> {
                // No milestone of the whole.
            }
        }
        return facts;
    }

    /** The step that this transition has finished, or null. */
    private static StepRecord finished(SagaState<RestoreData> before, SagaState<RestoreData> after) {
        int running = before.history().size() - 1;
        if (running < 0 || before.history().get(running).status() != StepRecord.Status.STARTED) {
            return null;
        }
        StepRecord now = after.history().get(running);
        return now.status() == StepRecord.Status.FINISHED ? now : null;
    }
}
