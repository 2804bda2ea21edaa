package io.memorymachine.saga.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.saga.state.StepRecord;

/**
 * The progress of a saga as facts, derived from its history. Sequence numbers are a function of the history alone: step
 * number i (from 0) begins with 2i+1 and ends with 2i+2, and the saga as a whole ends with 2n+1. So whoever follows can
 * replay from a state and go on with live facts without gaps or repetitions.
 */
public final class ProgressFacts {
    private ProgressFacts() {}

    /** Everything that has happened so far. */
    public static List<SagaFact.Progressed> all(SagaState<?> state) {
        List<SagaFact.Progressed> facts = new ArrayList<>();
        for (int i = 0; i < state.history().size(); i++) {
            StepRecord record = state.history().get(i);
            facts.add(step(state, 2 * i + 1, record, StepRecord.Status.STARTED, record.startedAt(), 0));
            if (record.endedAt() != null) {
                facts.add(step(state, 2 * i + 2, record, record.status(), record.endedAt(), record.micros()));
            }
        }
        if (state.phase().terminal()) {
            facts.add(new SagaFact.Progressed(
                    state.id().toString(),
                    state.type(),
                    state.name(),
                    2 * state.history().size() + 1,
                    null,
                    state.phase().name().toLowerCase(Locale.ROOT),
                    state.endedAt(),
                    0,
                    state.failure()));
        }
        return facts;
    }

    /** What a transition adds. */
    static List<SagaFact.Progressed> of(SagaState<?> before, SagaState<?> after) {
        int known = before == null
                ? 0
                : all(before).stream()
                        .mapToInt(SagaFact.Progressed::sequence)
                        .max()
                        .orElse(0);
        return all(after).stream().filter(fact -> fact.sequence() > known).toList();
    }

    private static SagaFact.Progressed step(
            SagaState<?> state, int sequence, StepRecord record, StepRecord.Status status, Instant at, long micros) {
        return new SagaFact.Progressed(
                state.id().toString(),
                state.type(),
                state.name(),
                sequence,
                record.step(),
                status.name().toLowerCase(Locale.ROOT),
                at,
                micros,
                status == StepRecord.Status.FAILED ? record.failure() : null);
    }
}
