package io.memorymachine.local.api;

/**
 * A step of a saga.
 *
 * @param micros how long it took; 0 while it runs
 */
public record StepView(String name, String status, long micros, int attempts) {}
