package io.memorymachine.snapshot.orchestrate.delete;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.testing.Exchange;
import io.memorymachine.testing.SagaStory;

import static io.memorymachine.testing.SagaStory.BROKEN;

class DeletionSagaTest {
    private static final UUID ID = UUID.fromString("99999999-0000-4000-8000-000000000000");
    private static final String SNAPSHOT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    private static final SnapshotDeleted DONE = new SnapshotDeleted("monday");

    private static SagaStory<DeletionData> of(String... nodes) {
        List<String> all = List.of(nodes);
        return SagaStory.begin(
                DeletionSaga.definition(),
                ID,
                "monday",
                new DeletionData(SNAPSHOT, "monday", all),
                step -> Exchange.eachNode(
                        all,
                        node -> new DiscardImages(node, SNAPSHOT),
                        node -> new ImagesDiscarded(node, SNAPSHOT, 700)));
    }

    @Test
    void everyNodeDiscardsItsImages() {
        of("node-a", "node-b")
                .expect("discard")
                .succeeds("node-b")
                .expectWaitingIn("discard")
                .succeeds("node-a")
                .expectEnd(SagaPhase.COMPLETED, DONE);
    }

    @Test
    void aSnapshotThatNoNodeHoldsIsGoneAtOnce() {
        of().expectEnd(SagaPhase.COMPLETED, DONE);
    }

    @Test
    void aNodeThatIsAwayIsAskedTenTimesBeforeTheDeletionFails() {
        SagaStory<DeletionData> story = of("node-a").expect("discard");
        for (int attempt = 1; attempt < 10; attempt++) {
            story.failsForNow().wokenAfter(Duration.ofSeconds(30)).expectAttempt("discard", attempt + 1);
        }
        story.failsForNow().expectEnd(SagaPhase.FAILED, new CommandFailed(BROKEN, false));
    }

    @Test
    void aDeletionCannotBeCancelled() {
        of("node-a")
                .expect("discard")
                .cancelled()
                .expectVerdict(Verdict.PAST_NO_RETURN)
                .succeeds()
                .expectEnd(SagaPhase.COMPLETED, DONE);
    }

    @Test
    void aReplyThatComesTwiceChangesNothing() {
        of("node-a", "node-b")
                .expect("discard")
                .succeeds("node-a")
                .answeredLate("discard", "node-a")
                .expectVerdict(Verdict.STALE)
                .succeeds("node-b")
                .expectEnd(SagaPhase.COMPLETED, DONE);
    }
}
