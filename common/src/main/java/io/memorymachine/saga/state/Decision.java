package io.memorymachine.saga.state;

import java.util.List;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.saga.definition.Dispatch;

/**
 * What an input does to a saga: the new state, and the messages to send with it. Whoever gets one writes all of it in one
 * transaction, or nothing.
 *
 * @param verdict whether the input was taken
 */
public record Decision<D>(SagaState<D> state, Verdict verdict, List<Send> sends, List<Answer> answers) {
    /** What became of an input. */
    public enum Verdict {
        /** It moved the saga. */
        TAKEN,
        /** It belongs to a command that is not outstanding: a duplicate, or too late. Nothing changes. */
        STALE,
        /** It is of a type that does not answer the command that it names. Nothing changes. */
        UNFIT,
        /** The saga cannot be cancelled any more. Nothing changes. */
        PAST_NO_RETURN
    }

    /** A command to send. */
    public record Send(Dispatch dispatch, Correlation correlation) {}

    /** The reply that whoever asked for this saga is owed. */
    public record Answer(Reply reply, Correlation correlation) {}

    static <D> Decision<D> unchanged(SagaState<D> state, Verdict verdict) {
        return new Decision<>(state, verdict, List.of(), List.of());
    }
}
