package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaMachine;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A restore told step by step. Each command is compared whole with {@link HzRestore}, and one that was sent and not expected
 * fails the story.
 */
final class RestoreStory {
    static final Correlation ORIGIN = new Correlation("parent", "ask", "parent/ask/any", 1, "parent.replies");
    static final Failure BROKEN = new Failure(FailureReason.CRIU_FAILED, "it broke");
    static final List<String> FORWARD = List.of(
            "hold-snapshot",
            "find-targets",
            "authorize",
            "verify",
            "safety-snapshot",
            "recreate",
            "materialize",
            "resolve-names",
            "release",
            "await-whole",
            "tidy-up");

    private final SagaMachine<RestoreData> machine = new SagaMachine<>(RestoreSaga.definition());
    private final boolean safety;
    private final List<Decision.Send> sent = new ArrayList<>();
    private final List<Reply> answers = new ArrayList<>();
    private SagaState<RestoreData> state;
    private Instant now = Instant.parse("2026-01-05T10:00:00Z");
    private Decision.Verdict verdict;

    private RestoreStory(boolean safety) {
        this.safety = safety;
        this.state = SagaState.create(
                HzRestore.ID, RestoreSaga.TYPE, "back-to-monday", HzRestore.asked(safety), ORIGIN, now);
    }

    /** A restore that was asked for by a command. */
    static RestoreStory asked(boolean safety) {
        RestoreStory story = new RestoreStory(safety);
        story.take(story.machine.start(story.state, story.now));
        return story;
    }

    /** A restore that has reached a forward step and has sent its commands. */
    static RestoreStory at(String step, boolean safety) {
        RestoreStory story = asked(safety);
        for (String passed : FORWARD.subList(0, FORWARD.indexOf(step))) {
            if (safety || !passed.equals("safety-snapshot")) {
                story.goesThrough(passed);
            }
        }
        return story.expect(step);
    }

    SagaState<RestoreData> state() {
        return state;
    }

    /** The steps follow each other, and each is answered as it should be. */
    RestoreStory goesThrough(String... steps) {
        for (String step : steps) {
            expect(step).succeeds();
        }
        return this;
    }

    /** The step is entered and has sent its commands for the first time. */
    RestoreStory expect(String step) {
        return expectAttempt(step, 1);
    }

    RestoreStory expectAttempt(String step, int attempt) {
        assertThat(sent)
                .isEqualTo(HzRestore.exchanges(step, safety).stream()
                        .map(exchange -> new Decision.Send(
                                exchange.dispatch(),
                                new Correlation(
                                        HzRestore.ID.toString(),
                                        step,
                                        HzRestore.ID + "/" + step + "/"
                                                + exchange.dispatch().target(),
                                        attempt,
                                        Topics.RESTORE_REPLIES)))
                        .toList());
        sent.clear();
        assertThat(state.step()).isEqualTo(step);
        return this;
    }

    /** All commands of the running step are answered as they should be. */
    RestoreStory succeeds() {
        String step = state.step();
        for (Exchange exchange : HzRestore.exchanges(step, safety)) {
            reply(step, exchange.dispatch().target(), exchange.reply());
        }
        return this;
    }

    /** The first command of the running step fails for good. */
    RestoreStory fails() {
        String step = state.step();
        String target = HzRestore.exchanges(step, safety).get(0).dispatch().target();
        return reply(step, target, new CommandFailed(BROKEN, false));
    }

    RestoreStory cancelled() {
        return take(machine.cancel(state, now));
    }

    RestoreStory wokenAfter(Duration time) {
        now = now.plus(time);
        return take(machine.wake(state, now));
    }

    private RestoreStory reply(String step, String target, Reply reply) {
        int attempt = state.outstanding().get(target).attempt();
        return take(machine.reply(state, step, target, attempt, reply, now));
    }

    private RestoreStory take(Decision<RestoreData> decision) {
        assertThat(sent).as("commands that nobody expected").isEmpty();
        state = decision.state();
        verdict = decision.verdict();
        sent.addAll(decision.sends());
        decision.answers().forEach(answer -> {
            assertThat(answer.correlation()).isEqualTo(ORIGIN);
            answers.add(answer.reply());
        });
        return this;
    }

    RestoreStory expectVerdict(Decision.Verdict expected) {
        assertThat(verdict).isEqualTo(expected);
        return this;
    }

    /** The end: nothing runs, nothing was sent that was not expected, and whoever asked has exactly this answer. */
    RestoreStory expectEnd(SagaPhase phase, Reply answer) {
        assertThat(state.phase()).isEqualTo(phase);
        assertThat(sent).as("commands that nobody expected").isEmpty();
        assertThat(state.step()).isNull();
        assertThat(state.wakeAt()).isNull();
        assertThat(answers).containsExactly(answer);
        return this;
    }
}
