package io.memorymachine.saga.definition;

import java.util.List;
import java.util.Objects;

import io.memorymachine.contract.envelope.Command;

/**
 * A command that a step sends.
 *
 * @param target tells the commands of one step apart, stable over attempts: a node's name, or {@link #ANY}
 * @param topic the participant's command topic
 */
public record Dispatch(String target, String topic, Command command) {
    /** The target of a step that sends one command to whichever instance takes it. */
    public static final String ANY = "any";

    /** Refuses nulls. */
    public Dispatch {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(command, "command");
    }

    /** The only command of a step. */
    public static List<Dispatch> one(String topic, Command command) {
        return List.of(new Dispatch(ANY, topic, command));
    }
}
