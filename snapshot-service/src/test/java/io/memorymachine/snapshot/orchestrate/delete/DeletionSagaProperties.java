package io.memorymachine.snapshot.orchestrate.delete;

import java.util.List;
import java.util.UUID;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.testing.SagaStorm;
import io.memorymachine.testing.StormEnd;
import io.memorymachine.testing.StormEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** What a deletion never claims, whatever happens to it. */
class DeletionSagaProperties {
    private static final UUID ID = UUID.fromString("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    private static final String SNAPSHOT = "11111111-0000-4000-8000-000000000000";
    private static final List<String> NODES = List.of("node-a", "node-b", "node-c");

    @Property(tries = 200)
    void itIsCompleteOnlyWhenEveryNodeHasDiscarded(@ForAll("storms") List<StormEvent> storm) {
        StormEnd<DeletionData> end = SagaStorm.survive(
                DeletionSaga.definition(),
                ID,
                new DeletionData(SNAPSHOT, "monday", NODES),
                send -> new ImagesDiscarded(send.dispatch().target(), SNAPSHOT, 700),
                storm);

        assertThat(end.sent().stream()
                        .map(send -> ((DiscardImages) send.dispatch().command()).node()))
                .containsAll(NODES);
        assertThat(end.state().phase()).isIn(SagaPhase.COMPLETED, SagaPhase.FAILED);
        assertThat(end.hasFinished("discard")).isEqualTo(end.state().phase() == SagaPhase.COMPLETED);
    }

    @Provide
    static Arbitrary<List<StormEvent>> storms() {
        return StormEvent.storms();
    }
}
