package io.memorymachine.snapshot.orchestrate.take;

import java.util.List;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.StepRecord;
import io.memorymachine.testing.Exchange;
import io.memorymachine.testing.SagaStorm;
import io.memorymachine.testing.StormEnd;
import io.memorymachine.testing.StormEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** What a snapshot never does to a cluster, whatever happens to it. */
class SnapshotSagaProperties {
    @Property(tries = 200)
    void theClusterIsResumedBeforeAnythingElseIsUndone(
            @ForAll("storms") List<StormEvent> storm, @ForAll boolean pause) {
        StormEnd<SnapshotData> end = survive(storm, pause);

        assertThat(end.hasSent(QuiesceWorkload.class)).isEqualTo(end.hasBegun("quiesce"));
        assertThat(end.hasSent(QuiesceWorkload.class) && !pause).isFalse();
        if (end.hasSent(QuiesceWorkload.class)) {
            assertThat(end.hasSent(ResumeWorkload.class)).isTrue();
            assertThat(end.firstOf(ResumeWorkload.class)).isGreaterThan(end.firstOf(QuiesceWorkload.class));
            assertThat(end.firstOf(ResumeWorkload.class)).isLessThan(end.firstOf(DiscardImages.class));
            assertThat(end.firstOf(ResumeWorkload.class)).isLessThan(end.firstOf(SealImages.class));
        }
        if (end.state().phase() != SagaPhase.COMPLETED && end.hasBegun("quiesce")) {
            assertThat(end.state().history().stream()
                            .filter(StepRecord::compensating)
                            .findFirst())
                    .hasValueSatisfying(first -> assertThat(first.step()).isEqualTo("resume-first"));
        }
    }

    @Property(tries = 200)
    void aSnapshotIsCompleteOrDiscarded(@ForAll("storms") List<StormEvent> storm, @ForAll boolean pause) {
        StormEnd<SnapshotData> end = survive(storm, pause);

        if (end.state().phase() == SagaPhase.COMPLETED) {
            assertThat(end.hasFinished("capture")).isTrue();
            assertThat(end.hasFinished("seal")).isTrue();
            assertThat(end.state().data().images()).hasSize(HzSnapshot.MEMBERS.size());
            assertThat(end.hasSent(DiscardImages.class)).isFalse();
        } else {
            assertThat(end.hasSent(DiscardImages.class)).isEqualTo(end.hasSent(ReserveSpace.class));
        }
        assertThat(end.firstOf(CaptureMembers.class)).isLessThanOrEqualTo(end.firstOf(SealImages.class));
    }

    private static StormEnd<SnapshotData> survive(List<StormEvent> storm, boolean pause) {
        HzSnapshot hz = new HzSnapshot(pause);
        return SagaStorm.survive(
                SnapshotSaga.definition(),
                HzSnapshot.ID,
                hz.asked(),
                send -> Exchange.answer(hz::exchanges, send),
                storm);
    }

    @Provide
    static Arbitrary<List<StormEvent>> storms() {
        return StormEvent.storms();
    }
}
