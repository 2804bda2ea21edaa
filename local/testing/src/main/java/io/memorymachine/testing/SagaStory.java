package io.memorymachine.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaMachine;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A saga told step by step, without Kafka and database. A script says which commands each step sends and what they are
 * answered; commands are compared whole, and one that was sent and not expected fails the story.
 */
public final class SagaStory<D> {
    /** The command that asked for the saga. */
    public static final Correlation ORIGIN = new Correlation("parent", "ask", "parent/ask/any", 1, "parent.replies");

    /** What commands fail with unless a story says otherwise. */
    public static final Failure BROKEN = new Failure(FailureReason.CRIU_FAILED, "it broke");

    private final SagaDefinition<D> definition;
    private final SagaMachine<D> machine;
    private final Function<String, List<Exchange>> script;
    private final List<Decision.Send> sent = new ArrayList<>();
    private final List<Reply> answers = new ArrayList<>();
    private SagaState<D> state;
    private Instant now = Instant.parse("2026-01-05T10:00:00Z");
    private Decision.Verdict verdict;

    private SagaStory(
            SagaDefinition<D> definition, UUID id, String name, D data, Function<String, List<Exchange>> script) {
        this.definition = definition;
        this.machine = new SagaMachine<>(definition);
        this.script = script;
        this.state = SagaState.create(id, definition.type(), name, data, ORIGIN, now);
    }

    /**
     * A saga that a command asked for, in its first step.
     *
     * @param script the exchanges of a step by its name, in the order in which its commands are sent
     */
    public static <D> SagaStory<D> begin(
            SagaDefinition<D> definition, UUID id, String name, D data, Function<String, List<Exchange>> script) {
        SagaStory<D> story = new SagaStory<>(definition, id, name, data, script);
        return story.take(story.machine.start(story.state, story.now));
    }

    /** The state that the last input led to. */
    public SagaState<D> state() {
        return state;
    }

    // --- inputs

    /** All commands of the running step are answered as the script says. */
    public SagaStory<D> succeeds() {
        String step = state.step();
        script.apply(step).forEach(exchange -> answered(exchange.dispatch().target(), exchange.reply()));
        return this;
    }

    /** The running step's command to this target is answered as the script says. */
    public SagaStory<D> succeeds(String target) {
        return answered(target, exchange(state.step(), target).reply());
    }

    /** The first command of the running step fails for good. */
    public SagaStory<D> fails() {
        return fails(BROKEN);
    }

    /** The first command of the running step fails for good, for this reason. */
    public SagaStory<D> fails(Failure failure) {
        return answered(firstTarget(), new CommandFailed(failure, false));
    }

    /** The first command of the running step fails in a way that may pass. */
    public SagaStory<D> failsForNow() {
        return answered(firstTarget(), new CommandFailed(BROKEN, true));
    }

    /** The last attempt of the running step's command to this target is answered. */
    public SagaStory<D> answered(String target, Reply reply) {
        return answered(state.step(), target, state.outstanding().get(target).attempt(), reply);
    }

    /** A reply arrives, whatever runs. */
    public SagaStory<D> answered(String step, String target, int attempt, Reply reply) {
        return take(machine.reply(state, step, target, attempt, reply, now));
    }

    /** What the script has a step's command to this target answered arrives, whatever runs. */
    public SagaStory<D> answeredLate(String step, String target) {
        return answered(step, target, 1, exchange(step, target).reply());
    }

    /** Somebody cancels. */
    public SagaStory<D> cancelled() {
        return take(machine.cancel(state, now));
    }

    /** Time passes, and the deadline poll comes by. */
    public SagaStory<D> wokenAfter(Duration time) {
        now = now.plus(time);
        return take(machine.wake(state, now));
    }

    // --- expectations

    /** The steps follow each other, and each is answered as the script says. */
    public SagaStory<D> goesThrough(String... steps) {
        for (String step : steps) {
            expect(step).succeeds();
        }
        return this;
    }

    /** The step is entered and has sent its commands for the first time. */
    public SagaStory<D> expect(String step) {
        return expectAttempt(step, 1);
    }

    /** The step runs and has sent all its commands again. */
    public SagaStory<D> expectAttempt(String step, int attempt) {
        assertThat(sent)
                .isEqualTo(script.apply(step).stream()
                        .map(exchange -> send(exchange, step, attempt))
                        .toList());
        sent.clear();
        assertThat(state.step()).isEqualTo(step);
        return this;
    }

    /** The step runs and has sent its command to this target again, and no other. */
    public SagaStory<D> expectAttempt(String step, int attempt, String target) {
        assertThat(sent).containsExactly(send(exchange(step, target), step, attempt));
        sent.clear();
        return this;
    }

    /** Nothing was sent, and this step runs. */
    public SagaStory<D> expectWaitingIn(String step) {
        assertThat(sent).as("commands that nobody expected").isEmpty();
        assertThat(state.step()).isEqualTo(step);
        return this;
    }

    /** What became of the last input. */
    public SagaStory<D> expectVerdict(Decision.Verdict expected) {
        assertThat(verdict).isEqualTo(expected);
        return this;
    }

    /** The end: nothing runs, nothing was sent that was not expected, and whoever asked has exactly this answer. */
    public SagaStory<D> expectEnd(SagaPhase phase, Reply answer) {
        assertThat(sent).as("commands that nobody expected").isEmpty();
        assertThat(state.phase()).isEqualTo(phase);
        assertThat(state.step()).isNull();
        assertThat(state.wakeAt()).isNull();
        assertThat(answers).containsExactly(answer);
        return this;
    }

    private String firstTarget() {
        return script.apply(state.step()).get(0).dispatch().target();
    }

    private Exchange exchange(String step, String target) {
        return script.apply(step).stream()
                .filter(exchange -> exchange.dispatch().target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    private Decision.Send send(Exchange exchange, String step, int attempt) {
        String key = state.id() + "/" + step + "/" + exchange.dispatch().target();
        return new Decision.Send(
                exchange.dispatch(),
                new Correlation(state.id().toString(), step, key, attempt, definition.replyTopic()));
    }

    private SagaStory<D> take(Decision<D> decision) {
        assertThat(sent).as("commands that nobody expected").isEmpty();
        if (decision.verdict() != Decision.Verdict.TAKEN) {
            assertThat(decision.state())
                    .as("an input that is not taken changes nothing")
                    .isSameAs(state);
        }
        state = decision.state();
        verdict = decision.verdict();
        sent.addAll(decision.sends());
        decision.answers().forEach(answer -> {
            assertThat(answer.correlation()).isEqualTo(ORIGIN);
            answers.add(answer.reply());
        });
        return this;
    }
}
