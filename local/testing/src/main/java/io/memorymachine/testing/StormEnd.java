package io.memorymachine.testing;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.saga.state.StepRecord;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a {@link SagaStorm} has led to.
 *
 * @param sent all commands in their order, repetitions included
 */
public record StormEnd<D>(
        SagaDefinition<D> definition, SagaState<D> state, List<Decision.Send> sent, List<Decision.Answer> answers) {

    /** Whether a command of this type was ever sent. */
    public boolean hasSent(Class<? extends Command> type) {
        return sent.stream().anyMatch(send -> type.isInstance(send.dispatch().command()));
    }

    /** Where the first command of this type stands among all; behind the last one if there is none. */
    public int firstOf(Class<? extends Command> type) {
        for (int i = 0; i < sent.size(); i++) {
            if (type.isInstance(sent.get(i).dispatch().command())) {
                return i;
            }
        }
        return sent.size();
    }

    /** Whether the step has begun. */
    public boolean hasBegun(String step) {
        return state.history().stream().anyMatch(record -> record.step().equals(step));
    }

    /** Whether the step has succeeded. */
    public boolean hasFinished(String step) {
        return state.history().stream()
                .anyMatch(record -> record.step().equals(step) && record.status() == StepRecord.Status.FINISHED);
    }

    /** What holds at the end of every saga. */
    StormEnd<D> holds() {
        assertThat(state.phase().terminal()).isTrue();
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).correlation()).isEqualTo(SagaStory.ORIGIN);
        assertThat(sent.stream()
                        .map(send -> send.correlation().commandKey() + "#"
                                + send.correlation().attempt()))
                .as("no attempt is sent twice")
                .doesNotHaveDuplicates();
        historyIsConsistent();
        if (state.phase() == SagaPhase.COMPLETED) {
            assertThat(state.history()).noneMatch(StepRecord::compensating);
            assertThat(answers.get(0).reply()).isEqualTo(definition.completion(state.data()));
        } else {
            assertThat(answers.get(0).reply()).isEqualTo(new CommandFailed(state.failure(), false));
            whatBeganIsUndone();
        }
        return this;
    }

    private void historyIsConsistent() {
        Instant last = state.startedAt();
        boolean undoing = false;
        assertThat(state.history().stream().map(StepRecord::step)).doesNotHaveDuplicates();
        for (StepRecord record : state.history()) {
            Step<D> step = definition.step(record.step());
            assertThat(record.startedAt())
                    .as("%s follows the step before", record)
                    .isAfterOrEqualTo(last);
            assertThat(record.endedAt()).isAfterOrEqualTo(record.startedAt());
            assertThat(record.attempts()).isBetween(1, step.retry().attempts());
            assertThat(record.failure() == null).isEqualTo(record.status() == StepRecord.Status.FINISHED);
            assertThat(undoing && !record.compensating())
                    .as("forward after undoing")
                    .isFalse();
            undoing = record.compensating();
            last = record.endedAt();
        }
        assertThat(state.endedAt()).isAfterOrEqualTo(last);
    }

    private void whatBeganIsUndone() {
        Set<String> ran = state.history().stream().map(StepRecord::step).collect(Collectors.toSet());
        boolean urgentPassed = false;
        for (Step<D> step : definition.steps()) {
            for (Step<D> undoing : step.compensation()) {
                boolean undone = ran.contains(undoing.name());
                if (!ran.contains(step.name())) {
                    assertThat(undone)
                            .as("%s of a step that never began", undoing.name())
                            .isFalse();
                } else if (!undoing.commands(state.data()).isEmpty()) {
                    assertThat(undone).as("%s after %s", undoing.name(), ran).isTrue();
                }
            }
        }
        for (StepRecord record : state.history()) {
            if (record.compensating()) {
                boolean urgent = definition.steps().stream()
                        .filter(Step::compensatedFirst)
                        .anyMatch(step -> step.compensation().stream()
                                .anyMatch(undoing -> undoing.name().equals(record.step())));
                assertThat(urgent && urgentPassed)
                        .as("%s is undone first", record.step())
                        .isFalse();
                urgentPassed |= !urgent;
            }
        }
        boolean rolledBack = state.history().stream()
                .anyMatch(record -> record.status() == StepRecord.Status.FINISHED
                        && definition.step(record.step()).rollback());
        assertThat(state.phase() == SagaPhase.ROLLED_BACK).isEqualTo(rolledBack);
    }
}
