package io.memorymachine.local.chaos;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

import io.memorymachine.client.ProblemException;
import io.memorymachine.local.process.StartFailedException;

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
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * On busy processors Hazelcast opens one and a half times as many connections after a restore as were broken by it: with a
     * dozen restores, each of what the one before has restored, those of a small heap are all of it.
     */
    private static final int RESTORES_IN_A_ROW = 4;

    private final Stage stage;
    private final ClusterWatch watch;
    private final TestData data;
    private final StepHold database;
    private int inARow;

    Baseline(Stage stage, StepHold database, ClusterWatch watch, TestData data) {
        this.database = database;
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

    /** The members go on from a snapshot of themselves that was restored. */
    void isLeftBehind() {
        inARow++;
    }

    /** Whether all members run as one active cluster. */
    boolean isWhole() {
        return watch.isActive(stage.settings().members());
    }

    /**
     * Makes the system whole again: by the product where that works, else by new members, else by a new system.
     *
     * @return how; empty where nothing had to be done
     * @throws SQLException if not even that helps
     */
    String heal() throws InterruptedException, SQLException {
        try {
            return mend();
        } catch (StartFailedException | CompletionException | ChaosException | UncheckedIOException | SQLException e) {
            return startOver(String.valueOf(e.getMessage()));
        }
    }

    private String mend() throws InterruptedException, SQLException {
        stage.startAgain(stage.ended()).join();
        if (!awaitIdle()) {
            return startOver("an operation does not end");
        }
        boolean whole =
                watch.running().size() == stage.settings().members() && Injector.await(ACTIVE_WITHIN, this::isWhole);
        if (whole && inARow < RESTORES_IN_A_ROW) {
            return "";
        }
        SagaEnd end = restore();
        if (end.completed() && Injector.await(ACTIVE_WITHIN, this::isWhole)) {
            return whole ? "back to the baseline after " + RESTORES_IN_A_ROW + " snapshots" : "healed by a restore";
        }
        if (!awaitIdle()) {
            return startOver("a restore does not end");
        }
        stage.destroyMembers();
        stage.starter().makeMembers();
        remove();
        take();
        return "members made anew, since the restore " + end.outcome() + " " + end.detail();
    }

    private String startOver(String why) throws InterruptedException, SQLException {
        stage.startOver();
        database.install();
        take();
        return "started over: " + why;
    }

    private boolean awaitIdle() throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + IDLE_WITHIN.toNanos();
        while (database.operationRuns()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL.toMillis());
        }
        return true;
    }

    private SagaEnd restore() throws InterruptedException {
        inARow = 0;
        try {
            return Operation.restore(stage.services(), NAME, false).awaitEnd(stage.services(), SAGA_WITHIN);
        } catch (ProblemException | UncheckedIOException e) {
            return new SagaEnd("", "was not accepted", List.of(), String.valueOf(e.getMessage()));
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
