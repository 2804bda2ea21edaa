package io.memorymachine.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import io.memorymachine.client.ProblemException;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.local.host.Tool;
import io.memorymachine.local.process.ProcFs;

/** Brings a fault about at a held step, lets the step go on, and brings back what the fault took away. */
final class Injector {
    /** How long the broker or the database is away: the fault itself. */
    static final Duration AWAY = Duration.ofSeconds(60);

    private static final Duration HELD_WITHIN = Duration.ofSeconds(30);
    private static final Duration AT_WORK_WITHIN = Duration.ofSeconds(30);
    private static final Duration ACTIVE_WITHIN = Duration.ofSeconds(20);
    private static final Duration TURN_WITHIN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    /** What is left free of a full volume: the members' own writes need a little of it, an image needs more. */
    private static final long LEFT_FREE = 48L << 20;

    private final Stage stage;
    private final StepHold hold;
    private final ClusterWatch watch;
    private final String baseline;

    Injector(Stage stage, StepHold hold, ClusterWatch watch, String baseline) {
        this.stage = stage;
        this.hold = hold;
        this.watch = watch;
        this.baseline = baseline;
    }

    /** The step that has to be held for a fault; null where none is. */
    static String heldStep(Cell cell) {
        List<String> steps = cell.saga().steps();
        return switch (cell.fault()) {
            case NONE, KILL_PMEM_AT_WORK -> null;
            // Full before the step begins.
            case VOLUME_FULL -> steps.get(steps.indexOf(cell.step()) - 1);
            default -> cell.fault().damagesImage() ? null : cell.step();
        };
    }

    /**
     * Does it.
     *
     * @param operation the one that runs
     * @return what did not go as it must, a line each
     */
    List<String> inject(Cell cell, Operation operation, int victim) throws SQLException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        if (heldStep(cell) != null && !hold.awaitHeld(HELD_WITHIN)) {
            hold.release();
            return List.of("the step was not reached within " + HELD_WITHIN.toSeconds() + " s");
        }
        switch (cell.fault()) {
            case KILL_MEMBER -> {
                stage.kill(member(victim));
                hold.release();
            }
            case CANCEL -> {
                cancel(operation, wrong);
                hold.release();
            }
            case KILL_PMEM_AT_WORK -> {
                if (!await(AT_WORK_WITHIN, atWork(cell))) {
                    wrong.add("CRIU was not seen at work");
                }
                restart(cell.fault());
            }
            case KAFKA_AWAY, POSTGRES_AWAY -> {
                kill(cell.fault());
                releaseIfThere(cell.fault());
                Thread.sleep(AWAY.toMillis());
                startAgain(cell.fault());
            }
            case SNAPSHOT_AWAY -> {
                kill(cell.fault());
                hold.release();
                requireActive(wrong, "while snapshot-service was away");
                startAgain(cell.fault());
            }
            case SNAPSHOT_AND_PMEM_AWAY -> {
                kill(cell.fault());
                hold.release();
                stage.startAgain(List.of("snapshot-service")).join();
                requireActive(wrong, "while pmem-service was away");
                stage.startAgain(List.of("pmem-service")).join();
            }
            case ONE_OF_TWO -> {
                stage.kill(cell.saga().label() + "-service");
                hold.release();
            }
            case VOLUME_FULL -> fillUntilTurn(operation);
            case SECOND_SNAPSHOT, SECOND_RESTORE, DELETE_SNAPSHOT -> {
                ask(cell.fault(), operation, wrong);
                hold.release();
            }
            case KILL_LICENSE, KILL_PMEM, KILL_SNAPSHOT, KILL_RESTORE, KILL_KAFKA, KILL_POSTGRES ->
                restart(cell.fault());
            default -> {
                // The control, and images that were damaged before.
            }
        }
        return wrong;
    }

    /** A capture's CRIUs are there long before they work: they do when a member is held by one. */
    private BooleanSupplier atWork(Cell cell) {
        if (cell.saga() != SagaKind.SNAPSHOT) {
            return () -> !stage.criu().isEmpty();
        }
        List<Long> members = watch.running().stream()
                .flatMap(member -> stage.inContainer(member.incarnation()).stream())
                .map(ProcFs.Stat::pid)
                .toList();
        return () -> members.stream()
                .flatMap(pid -> ProcFs.stat(pid).stream())
                .anyMatch(stat -> stat.state() == ProcFs.TRACED);
    }

    private MemberPlacement member(int victim) {
        List<MemberPlacement> running = watch.running();
        return running.get(victim % running.size());
    }

    private void restart(Fault fault) throws SQLException {
        kill(fault);
        // What starts again does so while the others go on.
        CompletableFuture<Void> again = stage.startAgain(List.of(fault.processes()));
        releaseIfThere(fault);
        again.join();
        hold.release();
    }

    private void kill(Fault fault) {
        for (String name : fault.processes()) {
            stage.kill(name);
        }
    }

    private void startAgain(Fault fault) throws SQLException {
        stage.startAgain(List.of(fault.processes())).join();
        hold.release();
    }

    /** The database takes the lock with it when it dies. */
    private void releaseIfThere(Fault fault) throws SQLException {
        if (!List.of(fault.processes()).contains("postgres")) {
            hold.release();
        }
    }

    private void cancel(Operation operation, List<String> wrong) {
        try {
            operation.cancel(stage.services());
        } catch (ProblemException refused) {
            if (!refused.reason().equals("NOT_CANCELLABLE")) {
                wrong.add("cancelling was refused with " + refused.reason() + ": " + refused.getMessage());
            }
        }
    }

    private void ask(Fault fault, Operation operation, List<String> wrong) {
        String expected = fault == Fault.DELETE_SNAPSHOT ? "SNAPSHOT_IN_USE" : "WORKLOAD_BUSY";
        try {
            switch (fault) {
                case SECOND_SNAPSHOT -> Operation.snapshot(stage.services(), "second", "", null);
                case SECOND_RESTORE -> Operation.restore(stage.services(), baseline, false);
                default -> stage.services().deleteSnapshot(baseline);
            }
            wrong.add(fault.label() + " was accepted");
        } catch (ProblemException refused) {
            if (!refused.reason().equals(expected)) {
                wrong.add("refused with " + refused.reason() + " instead of " + expected);
            } else if (fault != Fault.DELETE_SNAPSHOT && !refused.getMessage().contains(operation.name())) {
                wrong.add("the refusal does not name " + operation.name() + ": " + refused.getMessage());
            }
        }
    }

    private void fillUntilTurn(Operation operation) throws SQLException, InterruptedException {
        Path filler = stage.directory().volume().resolve("chaos-filler");
        try {
            long free = Files.getFileStore(stage.directory().volume()).getUsableSpace();
            Tool.run("fallocate", "-l", Long.toString(Math.max(1, free - LEFT_FREE)), filler.toString())
                    .orFail("the volume cannot be filled");
            hold.release();
            operation.awaitTurn(stage.services(), TURN_WITHIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(filler);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireActive(List<String> wrong, String when) throws InterruptedException {
        if (!await(
                CellRunner.MAX_PAUSE.plus(ACTIVE_WITHIN),
                () -> watch.isActive(stage.settings().members()))) {
            wrong.add("the cluster did not become active " + when + ": " + watch.describe());
        }
    }

    static boolean await(Duration bound, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL.toMillis());
        }
        return true;
    }
}
