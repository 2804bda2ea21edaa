package io.memorymachine.local.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One experiment: a fault at a step of a saga.
 *
 * @param step while which the fault happens
 */
record Cell(SagaKind saga, String step, Fault fault) {
    private static final List<Fault> EVERYWHERE = List.of(
            Fault.KILL_LICENSE,
            Fault.KILL_PMEM,
            Fault.KILL_SNAPSHOT,
            Fault.KILL_RESTORE,
            Fault.KILL_KAFKA,
            Fault.KILL_POSTGRES,
            Fault.KILL_MEMBER,
            Fault.CANCEL);

    /** Those of the test: each kind of fault where it hurts most. */
    private static final List<String> REDUCED = List.of(
            "snapshot/find-members/none",
            "snapshot/quiesce/kill-snapshot",
            "snapshot/capture/kill-pmem-at-work",
            "snapshot/capture/kill-snapshot",
            "snapshot/capture/kill-postgres",
            "snapshot/capture/kill-member",
            "snapshot/capture/cancel",
            "snapshot/capture/snapshot-away",
            "snapshot/resume/kill-kafka",
            "snapshot/capture/volume-full",
            "snapshot/seal/kill-pmem",
            "snapshot/authorize/kill-license",
            "restore/hold-snapshot/none",
            "restore/verify/flipped-byte",
            "restore/recreate/kill-restore",
            "restore/recreate/cancel",
            "restore/materialize/kill-pmem-at-work",
            "restore/materialize/kill-postgres",
            "restore/materialize/delete-snapshot",
            "restore/release/kill-pmem",
            "restore/await-whole/kill-restore",
            "restore/resolve-names/kill-member");

    /** As it is chosen and shown. */
    String name() {
        return saga.label() + "/" + step + "/" + fault.label();
    }

    /** All of them, in the order in which they run. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (SagaKind saga : SagaKind.values()) {
            cells.add(new Cell(saga, saga.steps().get(0), Fault.NONE));
            for (String step : saga.steps()) {
                EVERYWHERE.forEach(fault -> cells.add(new Cell(saga, step, fault)));
                special(saga, step).forEach(fault -> cells.add(new Cell(saga, step, fault)));
            }
        }
        return cells;
    }

    /** Those of the test. */
    static List<Cell> reduced() {
        List<Cell> all = all();
        return REDUCED.stream()
                .map(name -> all.stream()
                        .filter(cell -> cell.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("there is no cell " + name)))
                .toList();
    }

    /**
     * Whether a pattern names this cell: {@code *} stands for anything within a part, a missing part for all.
     */
    boolean matches(String pattern) {
        String expression = Stream.of(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .reduce((a, b) -> a + "[^/]*" + b)
                .orElse("");
        return name().matches(expression + "(/.*)?");
    }

    private static List<Fault> special(SagaKind saga, String step) {
        return switch (saga.label() + "/" + step) {
            case "snapshot/reserve", "snapshot/seal" -> List.of(Fault.VOLUME_FULL);
            case "snapshot/capture" ->
                List.of(
                        Fault.KILL_PMEM_AT_WORK,
                        Fault.KAFKA_AWAY,
                        Fault.POSTGRES_AWAY,
                        Fault.SNAPSHOT_AWAY,
                        Fault.SNAPSHOT_AND_PMEM_AWAY,
                        Fault.ONE_OF_TWO,
                        Fault.VOLUME_FULL,
                        Fault.SECOND_SNAPSHOT,
                        Fault.SECOND_RESTORE);
            case "restore/verify" ->
                List.of(
                        Fault.VOLUME_FULL,
                        Fault.FLIPPED_BYTE,
                        Fault.MISSING_FILE,
                        Fault.TRUNCATED_FILE,
                        Fault.FOREIGN_MANIFEST,
                        Fault.TAMPERED_MANIFEST);
            case "restore/materialize" ->
                List.of(
                        Fault.KILL_PMEM_AT_WORK,
                        Fault.KAFKA_AWAY,
                        Fault.POSTGRES_AWAY,
                        Fault.ONE_OF_TWO,
                        Fault.VOLUME_FULL,
                        Fault.SECOND_SNAPSHOT,
                        Fault.SECOND_RESTORE,
                        Fault.DELETE_SNAPSHOT);
            default -> List.of();
        };
    }
}
