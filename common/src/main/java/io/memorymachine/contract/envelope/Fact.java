package io.memorymachine.contract.envelope;

/** Something that has happened, told to everybody on {@link Topics#EVENTS}. Nothing in a saga depends on a fact. */
public interface Fact extends Message {}
