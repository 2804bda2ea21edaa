package io.memorymachine.pmem.participant.materialize;

/** A member that is back, stopped: its application's PID on the host, and how long it took (0 where it was there). */
public record MaterializeOutcome(String name, long pid, long micros) {}
