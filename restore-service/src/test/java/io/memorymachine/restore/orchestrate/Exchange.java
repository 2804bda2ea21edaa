package io.memorymachine.restore.orchestrate;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.saga.definition.Dispatch;

/** A command of a step, whole, and the reply that it gets when all goes well. */
record Exchange(Dispatch dispatch, Reply reply) {
    static Exchange of(String target, String topic, Command command, Reply reply) {
        return new Exchange(new Dispatch(target, topic, command), reply);
    }
}
