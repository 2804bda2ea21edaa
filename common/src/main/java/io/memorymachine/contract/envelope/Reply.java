package io.memorymachine.contract.envelope;

/** The answer to a {@link Command}. */
public interface Reply extends Message {}
