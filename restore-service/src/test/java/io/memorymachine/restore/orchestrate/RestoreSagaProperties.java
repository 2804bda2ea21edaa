package io.memorymachine.restore.orchestrate;

import java.util.List;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.restore.RestoreCommand.RecreateMembers;
import io.memorymachine.contract.restore.RestoreCommand.RestartMembers;
import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.testing.SagaStorm;
import io.memorymachine.testing.StormEnd;
import io.memorymachine.testing.StormEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** What a restore never does to a cluster, whatever happens to it. */
class RestoreSagaProperties {
    @Property(tries = 200)
    void membersThatWereDestroyedComeBack(@ForAll("storms") List<StormEvent> storm, @ForAll boolean safety) {
        StormEnd<RestoreData> end = survive(storm, safety);

        boolean destroyed = end.hasSent(RecreateMembers.class);
        assertThat(destroyed).isEqualTo(end.hasBegun(RestoreSaga.RECREATE));
        if (destroyed) {
            assertThat(end.state().phase() == SagaPhase.COMPLETED
                            || end.state().phase() == SagaPhase.ROLLED_BACK
                            || end.hasSent(RestartMembers.class))
                    .as("%s", end.state())
                    .isTrue();
            assertThat(end.firstOf(RequestSnapshot.class) < end.firstOf(RecreateMembers.class))
                    .as("what ran is captured before it is destroyed, where that is wanted")
                    .isEqualTo(safety);
        } else {
            assertThat(end.hasSent(MaterializeMembers.class)).isFalse();
            assertThat(end.hasSent(ReleaseMembers.class)).isFalse();
            assertThat(end.hasSent(RestartMembers.class)).isFalse();
            assertThat(end.state().phase()).isIn(SagaPhase.FAILED, SagaPhase.CANCELLED);
        }
    }

    @Property(tries = 200)
    void theOnlyCopyOfWhatRanIsKept(@ForAll("storms") List<StormEvent> storm, @ForAll boolean safety) {
        StormEnd<RestoreData> end = survive(storm, safety);

        boolean lost = end.hasBegun(RestoreSaga.RECREATE)
                && end.state().phase() != SagaPhase.COMPLETED
                && end.state().phase() != SagaPhase.ROLLED_BACK;
        if (lost) {
            assertThat(end.hasSent(DeleteSnapshot.class)).as("%s", end.state()).isFalse();
        }
        assertThat(end.hasSent(UnholdSnapshot.class))
                .as("the workload's lock is given back")
                .isTrue();
    }

    @Property(tries = 200)
    void noMemberRunsBeforeAllAreBackAndKnowEachOther(
            @ForAll("storms") List<StormEvent> storm, @ForAll boolean safety) {
        StormEnd<RestoreData> end = survive(storm, safety);

        if (end.hasBegun(RestoreSaga.RELEASE)) {
            assertThat(end.hasFinished("materialize")).isTrue();
            assertThat(end.hasFinished("resolve-names")).isTrue();
        }
        if (end.hasBegun("rollback-release")) {
            assertThat(end.hasFinished("rollback-materialize")).isTrue();
            assertThat(end.hasFinished("rollback-resolve-names")).isTrue();
        }
        if (end.hasBegun("materialize")) {
            assertThat(end.hasFinished("verify")).isTrue();
        }
    }

    private static StormEnd<RestoreData> survive(List<StormEvent> storm, boolean safety) {
        return SagaStorm.survive(
                RestoreSaga.definition(), HzRestore.ID, HzRestore.asked(safety), send -> answer(send, safety), storm);
    }

    private static Reply answer(Decision.Send send, boolean safety) {
        return HzRestore.exchanges(send.correlation().step(), safety).stream()
                .filter(exchange ->
                        exchange.dispatch().target().equals(send.dispatch().target()))
                .findFirst()
                .orElseThrow()
                .reply();
    }

    @Provide
    static Arbitrary<List<StormEvent>> storms() {
        return StormEvent.storms();
    }
}
