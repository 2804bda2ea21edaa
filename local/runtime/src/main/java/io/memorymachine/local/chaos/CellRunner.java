package io.memorymachine.local.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.ServiceProcess;

/** Runs one cell: another generation of data, the operation, the fault, the end, and everything that must hold then. */
final class CellRunner {
    /** How long a snapshot of the matrix may keep the cluster passive: as long as one for which nothing is said. */
    static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** The lease is kept by polls, and a member answers the watch not at once. */
    private static final Duration PAUSE_TOLERANCE = Duration.ofSeconds(5);

    /** A restored cluster is passive until it is whole, and that is waited for through a restart. */
    private static final Duration RESTORE_PAUSE = Duration.ofSeconds(60);

    private static final Duration END_WITHIN = Duration.ofSeconds(180);
    private static final Duration ACTIVE_WITHIN = Duration.ofSeconds(30);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(40);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
    private static final String BESIDE = "-2";

    /** Where a snapshot that completed although something died is restored, to see that it is whole. */
    private static final Set<String> DELICATE = Set.of("capture", "resume", "seal");

    private final Stage stage;
    private final StepHold hold;
    private final ClusterWatch watch;
    private final TestData data;
    private final Injector injector;
    private final Invariants invariants;
    private final Baseline baseline;
    private long generation = Baseline.GENERATION;
    private long operationMillis;

    CellRunner(Stage stage, StepHold hold, ClusterWatch watch, TestData data, Baseline baseline) {
        this.stage = stage;
        this.hold = hold;
        this.watch = watch;
        this.data = data;
        this.baseline = baseline;
        this.injector = new Injector(stage, hold, watch, Baseline.NAME);
        this.invariants = new Invariants(stage, hold, watch);
    }

    /** Runs a cell in a system that is whole. What does not hold is in the result. */
    CellResult run(Cell cell, int number) throws SQLException, InterruptedException, IOException {
        Expectation expectation = Expectation.of(cell);
        List<String> violations = new ArrayList<>();
        long begun = System.nanoTime();
        generation++;
        data.write(generation);
        watch.reset();
        SagaEnd end;
        Optional<Damage> damage = damage(cell);
        try {
            end = operate(cell, number, violations);
        } finally {
            if (damage.isPresent()) {
                damage.get().mend();
            }
        }
        if (!expectation.outcomes().contains(end.outcome())) {
            violations.add(end.outcome() + (end.detail().isEmpty() ? "" : " (" + end.detail() + ")")
                    + " is not an outcome that is allowed");
        }
        if (cell.fault() == Fault.NONE && !end.steps().equals(cell.saga().steps())) {
            violations.add("the saga's steps are " + end.steps());
        }
        long back = awaitActive(cell, end, violations);
        check(cell, number, end, violations);
        return new CellResult(
                cell.saga().label(),
                cell.step(),
                cell.fault().label(),
                end.outcome(),
                expectation.outcomes(),
                expectation.why(),
                violations,
                operationMillis,
                watch.longestPassive().toMillis(),
                back,
                (System.nanoTime() - begun) / 1_000_000);
    }

    private Optional<Damage> damage(Cell cell) throws IOException {
        if (!cell.fault().damagesImage()) {
            return Optional.empty();
        }
        Path volume = stage.directory().volume();
        String id = stage.services().snapshot(Baseline.NAME).id();
        return Optional.of(
                new Damage(cell.fault(), volume.resolve("snapshots").resolve(id), volume.resolve("chaos-aside")));
    }

    private SagaEnd operate(Cell cell, int number, List<String> violations) throws SQLException, InterruptedException {
        boolean two = cell.fault() == Fault.ONE_OF_TWO;
        ServiceProcess orchestrator =
                cell.saga() == SagaKind.SNAPSHOT ? ServiceProcess.SNAPSHOT : ServiceProcess.RESTORE;
        String second = orchestrator.module() + BESIDE;
        Services reachable = stage.services();
        if (two) {
            int port = Ports.free().of(orchestrator);
            stage.starter().startBeside(orchestrator, second, port);
            reachable = new Services(
                    stage.settings().ports().with(orchestrator, port),
                    stage.directory().token());
        }
        try {
            String held = Injector.heldStep(cell);
            if (held != null) {
                hold.arm(cell.saga().participant(held), held);
            }
            Operation operation = cell.saga() == SagaKind.SNAPSHOT
                    ? Operation.snapshot(stage.services(), name(number), "", MAX_PAUSE)
                    : Operation.restore(stage.services(), Baseline.NAME, true);
            long requested = System.nanoTime();
            violations.addAll(injector.inject(cell, operation, number));
            SagaEnd end = operation.awaitEnd(reachable, END_WITHIN);
            operationMillis = (System.nanoTime() - requested) / 1_000_000;
            return end;
        } finally {
            hold.release();
            if (two) {
                stage.kill(second);
                stage.forget(second);
                stage.starter().startAgain(orchestrator.module());
            }
        }
    }

    private long awaitActive(Cell cell, SagaEnd end, List<String> violations) throws InterruptedException {
        stage.startAgain(stage.ended()).join();
        long from = System.nanoTime();
        // Asked again and again: members that find no block for a page may end after the operation.
        if (!Injector.await(ACTIVE_WITHIN, () -> watch.isActive(expectedMembers(cell, end)))) {
            violations.add("the cluster of " + expectedMembers(cell, end) + " is not active "
                    + ACTIVE_WITHIN.toSeconds() + " s later: " + watch.describe());
            return -1;
        }
        return (System.nanoTime() - from) / 1_000_000;
    }

    /** Whoever fills a volume takes the pages away from the members on it, and the kernel ends them. */
    private int expectedMembers(Cell cell, SagaEnd end) {
        if (cell.fault() == Fault.VOLUME_FULL && cell.saga() == SagaKind.SNAPSHOT) {
            return watch.running().size();
        }
        return stage.settings().members() - (lostMember(cell, end) ? 1 : 0);
    }

    /** Nobody brings a killed member back but an operation that recreates all of them. */
    private static boolean lostMember(Cell cell, SagaEnd end) {
        boolean before = cell.saga() == SagaKind.SNAPSHOT || cell.saga().before(cell.step(), "recreate");
        boolean after = cell.saga() == SagaKind.RESTORE && cell.saga().before("release", cell.step());
        return cell.fault() == Fault.KILL_MEMBER && (before && !touched(end) || after && end.completed());
    }

    private static boolean touched(SagaEnd end) {
        return end.steps().contains("recreate");
    }

    private void check(Cell cell, int number, SagaEnd end, List<String> violations)
            throws SQLException, InterruptedException {
        violations.addAll(invariants.violations(SETTLED_WITHIN));
        Duration limit = cell.saga() == SagaKind.SNAPSHOT ? MAX_PAUSE.plus(PAUSE_TOLERANCE) : RESTORE_PAUSE;
        if (watch.longestPassive().compareTo(limit) > 0) {
            violations.add(
                    "the cluster was passive for " + watch.longestPassive().toMillis() + " ms");
        }
        int most = !touched(end) ? 1 : end.completed() ? 2 : 3;
        if (watch.incarnations() > most) {
            violations.add("a member had " + watch.incarnations() + " containers instead of " + most);
        }
        boolean restored = cell.saga() == SagaKind.RESTORE && end.completed();
        // One lost member is what the backups are for.
        if (watch.running().size() >= stage.settings().members() - 1) {
            requireData(restored ? Baseline.GENERATION : generation, violations);
        }
        if (cell.saga() == SagaKind.SNAPSHOT && end.completed()) {
            if (DELICATE.contains(cell.step()) && cell.fault() != Fault.NONE) {
                restoreTaken(number, violations);
            }
            remove(name(number), violations);
        }
    }

    private void requireData(long expected, List<String> violations) {
        String difference = data.difference(expected);
        if (!difference.isEmpty()) {
            violations.add("the data are not those that were there: " + difference);
        }
    }

    private void restoreTaken(int number, List<String> violations) throws InterruptedException {
        // Members that a full volume has ended have nothing that could be written over.
        if (watch.running().size() >= stage.settings().members() - 1) {
            data.write(generation + 1_000_000);
        }
        SagaEnd end = Operation.restore(stage.services(), name(number), false).awaitEnd(stage.services(), END_WITHIN);
        if (!end.completed()) {
            violations.add("the snapshot cannot be restored: " + end.outcome() + " " + end.detail());
            return;
        }
        baseline.isLeftBehind();
        Injector.await(ACTIVE_WITHIN, baseline::isWhole);
        requireData(generation, violations);
    }

    private void remove(String name, List<String> violations) throws InterruptedException {
        stage.services().deleteSnapshot(name);
        if (!Injector.await(GONE_WITHIN, () -> Baseline.isGone(stage, name))) {
            violations.add("the snapshot is not deleted after " + GONE_WITHIN.toSeconds() + " s");
        }
    }

    private static String name(int number) {
        return "chaos-" + number;
    }
}
