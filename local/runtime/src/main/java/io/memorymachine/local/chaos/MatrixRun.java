package io.memorymachine.local.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.host.Hardware;

/**
 * The cells of a run, which one or several systems share: each takes the next one as soon as its last is over. So while one
 * waits for a service to start or a broker to come back, another works. Safe for use by several threads.
 */
public final class MatrixRun {
    private final List<Cell> cells;
    private final Console console;
    private final Instant startedAt = Instant.now();
    private final TreeMap<Integer, CellResult> results = new TreeMap<>();
    private int handedOut;
    private String failure;

    /**
     * A run of cells by name.
     *
     * @param console where each is told when it is over
     */
    public MatrixRun(List<String> names, Console console) {
        this.cells =
                Cell.all().stream().filter(cell -> names.contains(cell.name())).toList();
        this.console = console;
    }

    /** The next cell that nobody has; empty where all are handed out. */
    synchronized Optional<Turn> next() {
        return handedOut == cells.size() ? Optional.empty() : Optional.of(new Turn(handedOut, cells.get(handedOut++)));
    }

    /** A cell is over. */
    synchronized void over(Turn turn, CellResult result) {
        results.put(turn.number(), result);
        String line = results.size() + "/" + cells.size() + " " + result.name();
        String times = result.outcome() + ", " + result.millis() + " ms, passive " + result.passiveMillis()
                + " ms, cell " + Console.seconds(Duration.ofMillis(result.totalMillis()));
        if (result.passed()) {
            console.done(line, times);
        } else {
            console.failed(line, times);
            result.violations().forEach(violation -> console.line("        " + violation));
        }
    }

    /** A system was not whole after a cell, and was made whole. */
    synchronized void healed(Turn turn, String how) {
        console.note(turn.cell().name(), how);
    }

    /** Something kept a system from its part; the first reason counts. */
    public synchronized void failed(String why) {
        failure = Objects.requireNonNullElse(failure, why);
    }

    /** What was found until now, in the order of the matrix. */
    public synchronized ChaosReport report() {
        return new ChaosReport(
                ChaosReport.FORMAT,
                startedAt,
                Duration.between(startedAt, Instant.now()).toMillis(),
                Hardware.here().describe(),
                failure == null
                        && results.size() == cells.size()
                        && results.values().stream().allMatch(CellResult::passed),
                failure,
                List.copyOf(results.values()));
    }

    /**
     * A cell for one system.
     *
     * @param number its place in the run, from 0
     */
    record Turn(int number, Cell cell) {}
}
