package io.memorymachine.participant;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.saga.SagaFact.StepAdvanced;
import io.memorymachine.outbox.SilentBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Progress that nobody takes costs the work nothing. */
class WorkProgressTest {
    private static final CommandContext COMMAND =
            new CommandContext(new Correlation("saga", "seal", "saga/seal/node-a", 1, Topics.SNAPSHOT_REPLIES), null);

    private final SilentBroker broker = new SilentBroker();
    private final WorkProgress progress = new WorkProgress(broker);

    @Test
    void aBrokerThatDoesNotAnswerIsToldOneThing() {
        try (WorkMeter meter = progress.begin(COMMAND, "node-a")) {
            meter.expect(1_000_000);
            workFor(Duration.ofMillis(1200), meter);

            assertThat(broker.told()).hasSize(1);
        }
    }

    @Test
    void aBrokerThatRefusesIsToldWhatFollowsAndNothingAfterTheEnd() {
        broker.refuse();
        try (WorkMeter meter = progress.begin(COMMAND, "node-a")) {
            meter.expect(1_000_000);
            workFor(Duration.ofMillis(1200), meter);

            assertThat(broker.told()).hasSizeBetween(2, 5);
            meter.advance(5_000_000);
            await().until(() ->
                    broker.told().contains(new StepAdvanced("saga", "seal", "node-a", 1_000_000, 1_000_000)));
        }
        int told = broker.told().size();
        WorkMeter later = progress.begin(COMMAND, "node-b");
        later.expect(1);
        await().until(() -> broker.told().stream()
                .anyMatch(fact -> ((StepAdvanced) fact).node().equals("node-b")));
        later.close();

        assertThat(broker.told()).hasSize(told + 1);
    }

    @Test
    void whatStandsStillIsToldOnce() {
        broker.refuse();
        try (WorkMeter standing = progress.begin(COMMAND, "node-a");
                WorkMeter moving = progress.begin(COMMAND, "node-b")) {
            standing.expect(2);
            standing.advance(1);
            moving.expect(1_000_000);
            workFor(Duration.ofMillis(1200), moving);

            assertThat(broker.told())
                    .filteredOn(fact -> ((StepAdvanced) fact).node().equals("node-a"))
                    .containsExactly(new StepAdvanced("saga", "seal", "node-a", 1, 2));
        }
    }

    private static void workFor(Duration time, WorkMeter meter) {
        await().pollInterval(Duration.ofMillis(10)).during(time).until(() -> {
            meter.advance(100);
            return true;
        });
    }
}
