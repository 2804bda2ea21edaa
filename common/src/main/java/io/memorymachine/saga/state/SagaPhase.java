package io.memorymachine.saga.state;

import java.util.Set;

/**
 * Where a saga stands as a whole.
 *
 * <pre>
 * RUNNING ----------------------> COMPLETED
 *    |
 *    v
 * COMPENSATING ---> FAILED | CANCELLED | ROLLED_BACK
 * </pre>
 */
public enum SagaPhase {
    /** Going forward. */
    RUNNING,
    /** Undoing what was begun. */
    COMPENSATING,
    /** All steps are done. */
    COMPLETED,
    /** Undone after a failure. */
    FAILED,
    /** Undone because somebody asked for it. */
    CANCELLED,
    /** Undone, and what had been destroyed was put back. */
    ROLLED_BACK;

    /** Whether nothing follows. */
    public boolean terminal() {
        return successors().isEmpty();
    }

    /** The phases that may follow this one. */
    public Set<SagaPhase> successors() {
        return switch (this) {
            case RUNNING -> Set.of(COMPENSATING, COMPLETED);
            case COMPENSATING -> Set.of(FAILED, CANCELLED, ROLLED_BACK);
            case COMPLETED, FAILED, CANCELLED, ROLLED_BACK -> Set.of();
        };
    }

    /**
     * The given phase.
     *
     * @throws IllegalStateException if it may not follow this one
     */
    public SagaPhase to(SagaPhase next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a saga cannot go from " + this + " to " + next);
        }
        return next;
    }
}
