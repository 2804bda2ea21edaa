package io.memorymachine.local.chaos;

import java.io.UncheckedIOException;
import java.time.Duration;

import io.memorymachine.local.api.ProblemException;

/**
 * The snapshot that every restore of the matrix starts from, and the way back to a whole cluster after a cell that left
 * none: the product's own where that works, else members that are made anew.
 */
final class Baseline {
    /** Its name. */
    static final String NAME = "chaos-baseline";

    /** Its data. */
    static final long GENERATION = 1;

    private static final Duration SAGA_WITHIN = Duration.ofSeconds(90);
    private static final Duration ACTIVE_WITHIN = Duration.ofSeconds(30);

    private final Stage stage;
    private final ClusterWatch watch;
    private final TestData data;

    Baseline(Stage stage, ClusterWatch watch, TestData data) {
        this.stage = stage;
        this.watch = watch;
        this.data = data;
    }

    /** Takes it, of the first generation. */
    void take() throws InterruptedException {
        data.write(GENERATION);
        SagaEnd end = Operation.snapshot(stage.services(), NAME, "", null).awaitEnd(stage.services(), SAGA_WITHIN);
        if (!end.completed()) {
            throw new ChaosException("the baseline cannot be taken: " + end.outcome() + " " + end.detail());
        }
    }

    /** Whether all members run as one active cluster. */
    boolean isWhole() {
        return watch.isActive(stage.settings().members());
    }

    /**
     * Makes the system whole again.
     *
     * @return how
     * @throws ChaosException if it cannot be done
     */
    String heal() throws InterruptedException {
        stage.startAgain(stage.ended()).join();
        if (isWhole()) {
            return "";
        }
        SagaEnd end = restore();
        if (end.completed() && Injector.await(ACTIVE_WITHIN, this::isWhole)) {
            return "healed by a restore";
        }
        stage.destroyMembers();
        stage.starter().makeMembers();
        remove();
        take();
        return "members made anew, since the restore " + end.outcome() + " " + end.detail();
    }

    private SagaEnd restore() throws InterruptedException {
        try {
            return Operation.restore(stage.services(), NAME, false).awaitEnd(stage.services(), SAGA_WITHIN);
        } catch (ProblemException | UncheckedIOException e) {
            return new SagaEnd("", "was not accepted", java.util.List.of(), String.valueOf(e.getMessage()));
        }
    }

    private void remove() throws InterruptedException {
        try {
            stage.services().deleteSnapshot(NAME);
            Injector.await(SAGA_WITHIN, () -> isGone(stage, NAME));
        } catch (ProblemException e) {
            if (!e.reason().equals("SNAPSHOT_NOT_FOUND")) {
                throw e;
            }
        }
    }

    /** Whether there is no snapshot of this name; false also where nobody answers. */
    static boolean isGone(Stage stage, String name) {
        try {
            stage.services().snapshot(name);
            return false;
        } catch (ProblemException e) {
            return e.reason().equals("SNAPSHOT_NOT_FOUND");
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
