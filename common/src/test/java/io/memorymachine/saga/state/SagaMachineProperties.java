package io.memorymachine.saga.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.Trip.Done;
import io.memorymachine.saga.state.Trip.Plan;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for a saga whatever its participants, the network, the clock and its user do. */
class SagaMachineProperties {
    /** What may happen next. {@code pick} chooses among the commands that were ever sent. */
    record Event(Kind kind, int pick) {
        enum Kind {
            SUCCEEDS,
            FAILS_FOR_NOW,
            FAILS_FOR_GOOD,
            TIME_PASSES,
            CANCELS
        }
    }

    /** Commands are answered at any time, in any order, never or often: each event picks any command ever sent. */
    @Property(tries = 3000)
    void aSagaEndsOnceAndUndoesWhatItBegan(@ForAll("events") List<Event> events, @ForAll boolean locks) {
        Run run = new Run(Plan.of(locks, "red", "blue", "green"));

        events.forEach(run::happens);
        run.isLeftAlone();

        run.hasEnded();
    }

    @Provide
    static Arbitrary<List<Event>> events() {
        Arbitrary<Event.Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, Event.Kind.SUCCEEDS),
                net.jqwik.api.Tuple.of(3, Event.Kind.FAILS_FOR_NOW),
                net.jqwik.api.Tuple.of(1, Event.Kind.FAILS_FOR_GOOD),
                net.jqwik.api.Tuple.of(3, Event.Kind.TIME_PASSES),
                net.jqwik.api.Tuple.of(1, Event.Kind.CANCELS));
        // Mostly the commands sent last: a run that only repeats old replies would not get far.
        Arbitrary<Integer> picks = Arbitraries.integers().between(0, 5);
        return net.jqwik.api.Combinators.combine(kinds, picks)
                .as(Event::new)
                .list()
                .ofMaxSize(60);
    }

    private static final class Run {
        private final SagaMachine<Plan> machine = new SagaMachine<>(Trip.DEFINITION);
        private final List<Decision.Send> sent = new ArrayList<>();
        private final List<Decision.Answer> answers = new ArrayList<>();
        private Instant now = Instant.EPOCH;
        private SagaState<Plan> state;
        private int endings;

        Run(Plan plan) {
            state = SagaState.create(SagaScenario.ID, "trip", "property", plan, SagaScenario.ORIGIN, now);
            take(machine.start(state, now));
        }

        void happens(Event event) {
            switch (event.kind()) {
                case SUCCEEDS ->
                    reply(event.pick(), send -> new Done(send.correlation().step()));
                case FAILS_FOR_NOW -> reply(event.pick(), send -> new CommandFailed(SagaScenario.failure(), true));
                case FAILS_FOR_GOOD -> reply(event.pick(), send -> new CommandFailed(SagaScenario.failure(), false));
                case TIME_PASSES -> {
                    now = now.plus(Duration.ofSeconds(1L + event.pick() * 3L));
                    take(machine.wake(state, now));
                }
                case CANCELS -> take(machine.cancel(state, now));
            }
        }

        /** Nobody answers any more: deadlines alone have to bring the saga to its end. */
        void isLeftAlone() {
            for (int wakes = 0; !state.phase().terminal(); wakes++) {
                assertThat(wakes).as("wakes until the end, at %s", state).isLessThan(100);
                assertThat(state.wakeAt())
                        .as("a saga that has not ended waits for a time")
                        .isNotNull();
                now = now.isAfter(state.wakeAt()) ? now : state.wakeAt();
                take(machine.wake(state, now));
            }
        }

        private void reply(int pick, Function<Decision.Send, Reply> reply) {
            Decision.Send send = sent.get(Math.max(0, sent.size() - 1 - pick));
            take(machine.reply(
                    state,
                    send.correlation().step(),
                    send.dispatch().target(),
                    send.correlation().attempt(),
                    reply.apply(send),
                    now));
        }

        private void take(Decision<Plan> decision) {
            SagaState<Plan> before = state;
            if (decision.verdict() != Verdict.TAKEN) {
                assertThat(decision.state()).isSameAs(before);
                assertThat(decision.sends()).isEmpty();
                assertThat(decision.answers()).isEmpty();
                return;
            }
            assertThat(before.phase().terminal())
                    .as("an ended saga takes nothing")
                    .isFalse();
            state = decision.state();
            sent.addAll(decision.sends());
            answers.addAll(decision.answers());
            decision.sends().forEach(send -> {
                assertThat(send.correlation().step()).isEqualTo(state.step());
                assertThat(state.outstanding().get(send.dispatch().target()).attempt())
                        .isEqualTo(send.correlation().attempt());
            });
            if (state.phase().terminal()) {
                endings++;
            } else {
                assertThat(state.outstanding()).isNotEmpty();
            }
        }

        void hasEnded() {
            assertThat(endings).isEqualTo(1);
            assertThat(answers).hasSize(1);
            assertThat(sent.stream()
                            .map(send -> send.correlation().commandKey() + "#"
                                    + send.correlation().attempt()))
                    .as("no attempt is sent twice")
                    .doesNotHaveDuplicates();
            assertThat(state.history()).allMatch(record -> record.endedAt() != null);
            assertThat(state.history().stream().map(StepRecord::step)).doesNotHaveDuplicates();
            if (state.phase() == SagaPhase.COMPLETED) {
                assertThat(state.history()).noneMatch(StepRecord::compensating);
                assertThat(answers.get(0).reply()).isEqualTo(new Done("trip"));
            } else {
                assertThat(answers.get(0).reply()).isEqualTo(new CommandFailed(state.failure(), false));
                hasUndoneWhatItBegan();
            }
        }

        private void hasUndoneWhatItBegan() {
            Set<String> ran = new HashSet<>();
            state.history().forEach(record -> ran.add(record.step()));
            for (Step<Plan> step : Trip.DEFINITION.steps()) {
                boolean begun = ran.contains(step.name());
                for (Step<Plan> undoing : step.compensation()) {
                    boolean nothingToDo = undoing.commands(state.data()).isEmpty();
                    assertThat(ran.contains(undoing.name()))
                            .as("%s after %s", undoing.name(), ran)
                            .isEqualTo(begun && !nothingToDo);
                }
            }
            boolean turnedBack = state.history().stream()
                    .anyMatch(record ->
                            record.step().equals("turn-back") && record.status() == StepRecord.Status.FINISHED);
            assertThat(state.phase() == SagaPhase.ROLLED_BACK).isEqualTo(turnedBack);
        }
    }
}
