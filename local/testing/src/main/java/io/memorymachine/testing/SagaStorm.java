package io.memorymachine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.license.LicenseReply;
import io.memorymachine.contract.pmem.PmemReply;
import io.memorymachine.contract.restore.RestoreReply;
import io.memorymachine.contract.snapshot.SnapshotReply;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.SagaMachine;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One saga in bad weather: replies of any kind to any command that was ever sent, at any time and often, crashes, cancels,
 * silence. After each input that is taken the state goes through JSON, as it does between two transactions. What has to hold
 * at each moment is checked as it happens, and what has to hold at the end by {@link StormEnd}.
 */
public final class SagaStorm<D> {
    private static final Instant BEGIN = Instant.parse("2026-01-05T10:00:00Z");

    /** Replies that hardly any step expects; those that it does are left out. */
    private static final List<Reply> GARBAGE = List.of(
            new LicenseReply.Released("x"),
            new PmemReply.OperationAbandoned("node-z", "x"),
            new SnapshotReply.SnapshotDeleted("x"),
            new RestoreReply.NamesResolved("x", BEGIN));

    private final SagaDefinition<D> definition;
    private final SagaMachine<D> machine;
    private final Function<Decision.Send, Reply> participant;
    private final ObjectMapper json =
            new ObjectMapper().findAndRegisterModules().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    private final List<Decision.Send> sent = new ArrayList<>();
    private final List<Decision.Answer> answers = new ArrayList<>();
    private Instant now = BEGIN;
    private SagaState<D> state;
    private boolean dies;

    private SagaStorm(SagaDefinition<D> definition, Function<Decision.Send, Reply> participant, UUID id, D data) {
        this.definition = definition;
        this.machine = new SagaMachine<>(definition);
        this.participant = participant;
        this.state = SagaState.create(id, definition.type(), "storm", data, SagaStory.ORIGIN, now);
    }

    /**
     * A saga goes through all of it and is then left alone until it has ended.
     *
     * @param participant what a command is answered when all goes well
     */
    public static <D> StormEnd<D> survive(
            SagaDefinition<D> definition,
            UUID id,
            D data,
            Function<Decision.Send, Reply> participant,
            List<StormEvent> events) {
        SagaStorm<D> storm = new SagaStorm<>(definition, participant, id, data);
        storm.input((state, now) -> storm.machine.start(state, now));
        events.forEach(storm::happens);
        storm.isLeftAlone();
        return new StormEnd<>(definition, storm.state, storm.sent, storm.answers).holds();
    }

    private void happens(StormEvent event) {
        switch (event.kind()) {
            case SUCCEEDS -> reply(event.pick(), participant);
            case SURPRISES -> reply(event.pick(), send -> GARBAGE.get(event.pick() % GARBAGE.size()));
            case FAILS_FOR_NOW -> reply(event.pick(), send -> new CommandFailed(SagaStory.BROKEN, true));
            case FAILS_FOR_GOOD -> reply(event.pick(), send -> new CommandFailed(SagaStory.BROKEN, false));
            case TIME_PASSES -> {
                now = now.plus(Duration.ofMillis(1L << event.pick() * 2));
                wake();
            }
            case DEADLINE_PASSES -> {
                now = state.wakeAt() == null || now.isAfter(state.wakeAt()) ? now : state.wakeAt();
                wake();
            }
            case CANCELS -> cancel();
            case DIES -> dies = true;
        }
    }

    private void wake() {
        input((before, at) -> machine.wake(before, at));
    }

    private void cancel() {
        boolean tooLate = state.phase() != SagaPhase.RUNNING || isPastNoReturn();
        Verdict verdict = input((before, at) -> machine.cancel(before, at));
        assertThat(verdict == Verdict.PAST_NO_RETURN)
                .as("cancelled at %s", state)
                .isEqualTo(tooLate);
    }

    /** A point of no return with nothing to do is passed like any other. */
    private boolean isPastNoReturn() {
        for (Step<D> step : definition.steps()) {
            if (step.pointOfNoReturn()) {
                return true;
            }
            if (step.name().equals(state.step())) {
                return false;
            }
        }
        return false;
    }

    /** Mostly the commands sent last: a storm that only repeats old replies would not get far. */
    private void reply(int pick, Function<Decision.Send, Reply> kind) {
        if (sent.isEmpty()) {
            return;
        }
        Decision.Send send = sent.get(Math.max(0, sent.size() - 1 - pick));
        String step = send.correlation().step();
        Reply reply = kind.apply(send);
        BiFunction<SagaState<D>, Instant, Decision<D>> input = (before, at) -> machine.reply(
                before, step, send.dispatch().target(), send.correlation().attempt(), reply, at);
        boolean answers =
                reply instanceof CommandFailed || definition.step(step).expects(reply.getClass());
        Verdict verdict = input(input);
        if (!answers) {
            assertThat(verdict).as("%s to %s", reply, send).isIn(Verdict.UNFIT, Verdict.STALE);
        }
        assertThat(input(input)).as("the same reply again").isNotEqualTo(Verdict.TAKEN);
    }

    /** Nobody answers any more: deadlines alone bring the saga to its end, in time. */
    private void isLeftAlone() {
        Instant latest = now.plus(longest());
        while (!state.phase().terminal()) {
            assertThat(state.wakeAt())
                    .as("a saga that has not ended waits for a time: %s", state)
                    .isNotNull();
            now = now.isAfter(state.wakeAt()) ? now : state.wakeAt();
            assertThat(now)
                    .as("the sum of all deadlines and waits, at %s", state)
                    .isBeforeOrEqualTo(latest);
            wake();
        }
    }

    /** How long all steps take together where every attempt of each runs into its deadline. */
    private Duration longest() {
        return definition.steps().stream()
                .map(step -> step.compensation().stream().map(this::longest).reduce(longest(step), Duration::plus))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private Duration longest(Step<D> step) {
        Duration all = step.deadline().multipliedBy(step.retry().attempts());
        for (int attempt = 1; attempt < step.retry().attempts(); attempt++) {
            all = all.plus(step.retry().waitAfter(attempt));
        }
        return all;
    }

    private Verdict input(BiFunction<SagaState<D>, Instant, Decision<D>> input) {
        SagaState<D> before = state;
        Decision<D> decision = input.apply(before, now);
        if (dies) {
            // Before the commit: nothing of the decision is left, and the input comes again.
            dies = false;
            assertThat(input.apply(before, now)).as("decided again").isEqualTo(decision);
        }
        if (decision.verdict() != Verdict.TAKEN) {
            assertThat(decision.state()).isSameAs(before);
            assertThat(decision.sends()).isEmpty();
            assertThat(decision.answers()).isEmpty();
            return decision.verdict();
        }
        assertThat(before.phase().terminal()).as("an ended saga takes nothing").isFalse();
        state = throughJson(decision.state());
        assertThat(state).as("through JSON").isEqualTo(decision.state());
        for (Decision.Send send : decision.sends()) {
            assertThat(send.correlation().step()).as("the step that runs").isEqualTo(state.step());
            assertThat(state.outstanding().get(send.dispatch().target()).attempt())
                    .isEqualTo(send.correlation().attempt());
        }
        assertThat(state.outstanding().isEmpty()).isEqualTo(state.phase().terminal());
        sent.addAll(decision.sends());
        answers.addAll(decision.answers());
        return decision.verdict();
    }

    private SagaState<D> throughJson(SagaState<D> before) {
        JavaType type = json.getTypeFactory().constructParametricType(SagaState.class, definition.dataType());
        try {
            return json.readValue(json.writeValueAsBytes(before), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
