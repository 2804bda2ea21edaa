package io.memorymachine.contract.envelope;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** An order to one participant. It is answered by exactly one kind of {@link Reply}, or by {@link CommandFailed}. */
public interface Command extends Message {
    /**
     * The node whose instance alone executes this command, or null where any instance may. Every pmem-service reads all
     * commands of its topic and leaves those of other nodes alone.
     */
    @JsonIgnore
    default String targetNode() {
        return null;
    }
}
