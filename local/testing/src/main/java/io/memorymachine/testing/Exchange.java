package io.memorymachine.testing;

import java.util.List;
import java.util.function.Function;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.state.Decision;

/** A command of a saga's step, whole, and the reply that it gets when all goes well. */
public record Exchange(Dispatch dispatch, Reply reply) {
    /** The exchanges of a step that sends one command. */
    public static List<Exchange> one(String topic, Command command, Reply reply) {
        return List.of(new Exchange(new Dispatch(Dispatch.ANY, topic, command), reply));
    }

    /** The exchanges of a step that sends a command to each of these nodes. */
    public static List<Exchange> eachNode(
            List<String> nodes, Function<String, Command> command, Function<String, Reply> reply) {
        return nodes.stream()
                .map(node ->
                        new Exchange(new Dispatch(node, Topics.PMEM_COMMANDS, command.apply(node)), reply.apply(node)))
                .toList();
    }

    /** What a script has a command answered that a saga has sent; the exchanges are those of a step by its name. */
    public static Reply answer(Function<String, List<Exchange>> script, Decision.Send send) {
        return script.apply(send.correlation().step()).stream()
                .filter(exchange ->
                        exchange.dispatch().target().equals(send.dispatch().target()))
                .findFirst()
                .orElseThrow()
                .reply();
    }
}
