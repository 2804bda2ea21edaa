package io.memorymachine.snapshot.orchestrate.take;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotPhase;
import io.memorymachine.snapshot.store.SnapshotRow;
import io.memorymachine.snapshot.store.WorkloadLocks;

/** What follows from the snapshot saga: the catalogue entry, the end of the workload's lock, and the milestones. */
@ApplicationScoped
public class SnapshotProjection implements SagaProjection<SnapshotData> {
    private static final SagaDefinition<SnapshotData> DEFINITION = SnapshotSaga.definition();

    private final Catalogue catalogue;
    private final WorkloadLocks locks;
    private final SnapshotMeters meters;
    private final Clock clock;

    @Inject
    SnapshotProjection(Catalogue catalogue, WorkloadLocks locks, SnapshotMeters meters, Clock clock) {
        this.catalogue = catalogue;
        this.locks = locks;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public SagaDefinition<SnapshotData> definition() {
        return DEFINITION;
    }

    @Override
    public Uni<List<Fact>> project(
            Mutiny.Session session, SagaState<SnapshotData> before, SagaState<SnapshotData> after) {
        List<Fact> facts = milestones(before, after);
        if (!after.phase().terminal()) {
            return Uni.createFrom().item(facts);
        }
        meters.ended(after);
        return catalogue
                .find(session, after.id())
                .invoke(row -> end(row, after))
                .chain(() -> locks.release(session, after.id().toString()))
                .replaceWith(facts);
    }

    private void end(SnapshotRow row, SagaState<SnapshotData> saga) {
        if (saga.phase() == SagaPhase.COMPLETED) {
            row.sealed(catalogue.write(SnapshotSaga.manifest(saga.data())), clock.instant());
        } else {
            row.ended(
                    saga.phase() == SagaPhase.CANCELLED ? SnapshotPhase.CANCELLED : SnapshotPhase.FAILED,
                    catalogue.write(saga.failure()),
                    clock.instant());
        }
    }

    private List<Fact> milestones(SagaState<SnapshotData> before, SagaState<SnapshotData> after) {
        SnapshotData d = after.data();
        UUID id = after.id();
        List<Fact> facts = new ArrayList<>();
        if (before == null) {
            facts.add(new SnapshotFact.Requested(id.toString(), d.name(), d.workload(), after.startedAt()));
        } else {
            if (before.data().quiescedAt() == null && d.quiescedAt() != null) {
                facts.add(new SnapshotFact.Quiesced(id.toString(), d.name(), d.quiescedAt()));
            }
            if ("capture".equals(before.step())
                    && after.phase() == SagaPhase.RUNNING
                    && !"capture".equals(after.step())) {
                long longest = d.captured().stream()
                        .mapToLong(CapturedMember::frozenMicros)
                        .max()
                        .orElse(0);
                facts.add(new SnapshotFact.Captured(id.toString(), d.name(), clock.instant(), longest));
            }
            if (before.data().pausedMicros() == 0 && d.pausedMicros() > 0) {
                facts.add(new SnapshotFact.Resumed(id.toString(), d.name(), clock.instant(), d.pausedMicros()));
            }
        }
        if (after.phase() == SagaPhase.COMPLETED) {
            facts.add(new SnapshotFact.Completed(
                    id.toString(),
                    d.name(),
                    d.workload(),
                    after.endedAt(),
                    d.images().stream().mapToLong(SealedImage::totalBytes).sum(),
                    d.images().stream().mapToLong(SealedImage::uniqueBytes).sum()));
        } else if (after.phase().terminal()) {
            facts.add(new SnapshotFact.Failed(id.toString(), d.name(), d.workload(), after.endedAt(), after.failure()));
        }
        return facts;
    }
}
