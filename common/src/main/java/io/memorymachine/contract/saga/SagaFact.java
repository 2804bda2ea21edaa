package io.memorymachine.contract.saga;

import java.time.Instant;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.failure.Failure;

/** The progress of any saga, in the form that progress displays follow. */
public sealed interface SagaFact extends Fact {
    /**
     * A step began, ended or failed, or the saga as a whole ended.
     *
     * @param sagaType {@code snapshot}, {@code restore}, {@code delete-snapshot} or {@code discard-orphan}
     * @param name what the saga works on: the snapshot's or restore's name
     * @param sequence counts up from 1 within the saga
     * @param step the step's name, or null where the saga as a whole changed
     * @param status {@code started}, {@code finished}, {@code failed}, {@code retried}; of the saga: its phase
     * @param micros how long the step took; 0 while it runs
     * @param failure null unless failed
     */
    @TypeId("saga.progressed.v1")
    record Progressed(
            String sagaId,
            String sagaType,
            String name,
            int sequence,
            String step,
            String status,
            Instant at,
            long micros,
            Failure failure)
            implements SagaFact {}

    /**
     * How far a node is with its part of a step that reads much. Told while it works, a few times a second at most, outside
     * any transaction: what is lost is not repeated, and the step's end is told by {@link Progressed} alone.
     *
     * @param done bytes, of {@code total}; less than before where the node begins its part anew
     */
    @TypeId("saga.step-advanced.v1")
    record StepAdvanced(String sagaId, String step, String node, long done, long total) implements SagaFact {}
}
