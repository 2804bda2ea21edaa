package io.memorymachine.saga.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.soabase.recordbuilder.core.RecordBuilder;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.failure.Failure;

/**
 * All that is known of one saga; immutable, persisted as JSON.
 *
 * @param type the definition's type
 * @param name what it works on, for people: the snapshot's or restore's name
 * @param step the step that runs, or null once the saga has ended
 * @param outstanding the unsettled commands of that step by target
 * @param plan the names of the compensating steps that follow the running one
 * @param failure why it compensates or has failed, or null
 * @param history the steps in the order in which they began
 * @param origin the command that asked for the saga and is owed a reply, or null
 */
@RecordBuilder
public record SagaState<D>(
        UUID id,
        String type,
        String name,
        SagaPhase phase,
        String step,
        D data,
        Map<String, Outstanding> outstanding,
        List<String> plan,
        Failure failure,
        List<StepRecord> history,
        Correlation origin,
        Instant startedAt,
        Instant endedAt)
        implements SagaStateBuilder.With<D> {

    /** Copies the collections; the outstanding commands are ordered by target, so that equal states are stored equal. */
    public SagaState {
        outstanding = Collections.unmodifiableMap(new TreeMap<>(outstanding));
        plan = List.copyOf(plan);
        history = List.copyOf(history);
    }

    /** A saga that has not entered its first step. */
    public static <D> SagaState<D> create(UUID id, String type, String name, D data, Correlation origin, Instant now) {
        return new SagaState<>(
                id, type, name, SagaPhase.RUNNING, null, data, Map.of(), List.of(), null, List.of(), origin, now, null);
    }

    /** When the saga wants to be woken if nothing happens before: the earliest due time; null if it waits for nothing. */
    @JsonIgnore
    public Instant wakeAt() {
        return outstanding.values().stream()
                .map(Outstanding::due)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The key of a command of the running step. */
    public String commandKey(String target) {
        return id + "/" + step + "/" + target;
    }

    SagaState<D> entering(String next, boolean compensating, List<String> remaining, Instant now) {
        List<StepRecord> longer = new ArrayList<>(history);
        longer.add(StepRecord.started(next, compensating, now));
        return withStep(next).withOutstanding(Map.of()).withPlan(remaining).withHistory(longer);
    }

    SagaState<D> stepEnded(Instant now, Failure why) {
        return withOutstanding(Map.of()).withLastStep(record -> record.ended(now, why));
    }

    SagaState<D> waitingFor(Outstanding command) {
        Map<String, Outstanding> changed = new TreeMap<>(outstanding);
        changed.put(command.target(), command);
        return withOutstanding(changed).withLastStep(record -> record.attempted(command.attempt()));
    }

    SagaState<D> settled(String target) {
        Map<String, Outstanding> changed = new TreeMap<>(outstanding);
        changed.remove(target);
        return withOutstanding(changed);
    }

    SagaState<D> compensating(Failure why, List<String> compensations) {
        return withPhase(phase.to(SagaPhase.COMPENSATING))
                .withOutstanding(Map.of())
                .withPlan(compensations)
                .withFailure(why);
    }

    SagaState<D> ended(SagaPhase end, Failure why, Instant now) {
        return withPhase(phase.to(end))
                .withStep(null)
                .withOutstanding(Map.of())
                .withPlan(List.of())
                .withFailure(why)
                .withEndedAt(now);
    }

    private SagaState<D> withLastStep(UnaryOperator<StepRecord> change) {
        List<StepRecord> changed = new ArrayList<>(history);
        int last = changed.size() - 1;
        changed.set(last, change.apply(changed.get(last)));
        return withHistory(changed);
    }
}
