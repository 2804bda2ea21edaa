package io.memorymachine.saga.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.SagaDefinition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A saga's story, told step by step: given some data, expect commands, let replies or time come, expect a state. Messages
 * are compared whole, and a message that was sent and not expected fails the next input and the end.
 */
final class SagaScenario<D> {
    static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
    static final Correlation ORIGIN = new Correlation("parent", "ask", "parent/ask/any", 2, "parent.replies");

    private final SagaDefinition<D> definition;
    private final SagaMachine<D> machine;
    private final List<Decision.Send> sent = new ArrayList<>();
    private final List<Decision.Answer> answered = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private SagaState<D> state;
    private Decision.Verdict verdict;

    private SagaScenario(SagaDefinition<D> definition) {
        this.definition = definition;
        this.machine = new SagaMachine<>(definition);
    }

    /** A saga that was asked for by a command. */
    static <D> SagaScenario<D> given(SagaDefinition<D> definition, D data) {
        return given(definition, data, ORIGIN);
    }

    static <D> SagaScenario<D> given(SagaDefinition<D> definition, D data, Correlation origin) {
        SagaScenario<D> scenario = new SagaScenario<>(definition);
        scenario.state = SagaState.create(ID, definition.type(), "of the test", data, origin, scenario.now);
        return scenario;
    }

    SagaState<D> state() {
        return state;
    }

    Instant now() {
        return now;
    }

    // --- inputs

    SagaScenario<D> started() {
        return take(machine.start(state, now));
    }

    /** The reply to the last attempt of the running step's command to this target. */
    SagaScenario<D> reply(String target, Reply reply) {
        Outstanding outstanding = state.outstanding().get(target);
        return reply(state.step(), target, outstanding == null ? 1 : outstanding.attempt(), reply);
    }

    SagaScenario<D> reply(Reply reply) {
        return reply(Dispatch.ANY, reply);
    }

    SagaScenario<D> reply(String step, String target, int attempt, Reply reply) {
        return take(machine.reply(state, step, target, attempt, reply, now));
    }

    SagaScenario<D> failsForGood(String target) {
        return reply(target, new CommandFailed(failure(), false));
    }

    SagaScenario<D> failsForNow(String target) {
        return reply(target, new CommandFailed(failure(), true));
    }

    /** Time passes, and the deadline poll comes by. */
    SagaScenario<D> wokenAfter(Duration time) {
        now = now.plus(time);
        return take(machine.wake(state, now));
    }

    SagaScenario<D> cancelled() {
        return take(machine.cancel(state, now));
    }

    private SagaScenario<D> take(Decision<D> decision) {
        expectNothingMore();
        if (decision.verdict() != Decision.Verdict.TAKEN) {
            assertThat(decision.state())
                    .as("an input that is not taken changes nothing")
                    .isSameAs(state);
        }
        state = decision.state();
        verdict = decision.verdict();
        sent.addAll(decision.sends());
        answered.addAll(decision.answers());
        return this;
    }

    // --- expectations

    /** The next command sent, its first attempt. */
    SagaScenario<D> expect(String step, Dispatch... dispatches) {
        return expectAttempt(1, step, dispatches);
    }

    SagaScenario<D> expectAttempt(int attempt, String step, Dispatch... dispatches) {
        List<Decision.Send> expected = Arrays.stream(dispatches)
                .map(dispatch -> new Decision.Send(
                        dispatch,
                        new Correlation(
                                ID.toString(),
                                step,
                                ID + "/" + step + "/" + dispatch.target(),
                                attempt,
                                definition.replyTopic())))
                .toList();
        assertThat(sent).isEqualTo(expected);
        sent.clear();
        assertThat(state.step()).isEqualTo(step);
        return this;
    }

    SagaScenario<D> expectNothingMore() {
        assertThat(sent).as("commands that were not expected").isEmpty();
        assertThat(answered).as("answers that were not expected").isEmpty();
        return this;
    }

    SagaScenario<D> expectVerdict(Decision.Verdict expected) {
        assertThat(verdict).isEqualTo(expected);
        return this;
    }

    SagaScenario<D> expectPhase(SagaPhase phase) {
        assertThat(state.phase()).isEqualTo(phase);
        return this;
    }

    SagaScenario<D> expectAnswer(Reply reply) {
        assertThat(answered).containsExactly(new Decision.Answer(reply, ORIGIN));
        answered.clear();
        return this;
    }

    /** The end: nothing runs, nothing is awaited, and nothing was sent that was not expected. */
    SagaScenario<D> expectEnd(SagaPhase phase) {
        expectPhase(phase);
        expectNothingMore();
        assertThat(phase.terminal()).isTrue();
        assertThat(state.step()).isNull();
        assertThat(state.outstanding()).isEmpty();
        assertThat(state.plan()).isEmpty();
        assertThat(state.wakeAt()).isNull();
        assertThat(state.endedAt()).isEqualTo(now);
        return this;
    }

    static Failure failure() {
        return new Failure(FailureReason.CRIU_FAILED, "it broke");
    }
}
