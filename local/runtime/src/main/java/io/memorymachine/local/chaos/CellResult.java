package io.memorymachine.local.chaos;

import java.util.List;

/**
 * What was seen of a cell.
 *
 * @param outcome as {@link SagaEnd#outcome}
 * @param expected the outcomes that are allowed
 * @param why these
 * @param violations what must hold and did not, a line each; an outcome that is not allowed is among them
 * @param millis from the request to the end of the operation
 * @param passiveMillis the longest time for which the cluster told PASSIVE without a break
 * @param backMillis from the end of the operation until the cluster was active, whole and safe; -1 if it was not
 * @param totalMillis the whole cell, checks and healing too
 */
public record CellResult(
        String saga,
        String step,
        String fault,
        String outcome,
        List<String> expected,
        String why,
        List<String> violations,
        long millis,
        long passiveMillis,
        long backMillis,
        long totalMillis) {
    /** Whether everything was as it must be. */
    public boolean passed() {
        return violations.isEmpty();
    }

    /** As it is chosen and shown. */
    public String name() {
        return saga + "/" + step + "/" + fault;
    }
}
