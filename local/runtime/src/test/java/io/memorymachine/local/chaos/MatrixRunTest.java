package io.memorymachine.local.chaos;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.memorymachine.local.console.Console;

import static org.assertj.core.api.Assertions.assertThat;

class MatrixRunTest {
    private static final List<String> NAMES = Matrix.select(List.of("snapshot/capture/*"), false);

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final MatrixRun matrix =
            new MatrixRun(NAMES, new Console(new PrintStream(told, true, StandardCharsets.UTF_8), false));

    @Test
    void systemsThatShareAMatrixRunEachCellOnce() {
        CompletableFuture.allOf(IntStream.range(0, 4)
                        .mapToObj(system -> CompletableFuture.runAsync(() -> {
                            for (Optional<MatrixRun.Turn> turn = matrix.next();
                                    turn.isPresent();
                                    turn = matrix.next()) {
                                matrix.over(turn.get(), result(turn.get().cell(), List.of()));
                            }
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();

        assertThat(matrix.report().cells()).extracting(CellResult::name).containsExactlyElementsOf(NAMES);
        assertThat(matrix.report().succeeded()).isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains(NAMES.size() + "/" + NAMES.size() + " snapshot/");
    }

    @Test
    void theReportIsInTheMatrixsOrderWhicheverCellIsOverFirst() {
        List<MatrixRun.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            turns.add(matrix.next().orElseThrow());
        }

        List.of(2, 0, 1)
                .forEach(i -> matrix.over(turns.get(i), result(turns.get(i).cell(), List.of())));

        assertThat(matrix.report().cells()).extracting(CellResult::name).containsExactlyElementsOf(NAMES.subList(0, 3));
    }

    @Test
    void aRunThatDidNotComeToItsEndHasNotSucceeded() {
        MatrixRun.Turn turn = matrix.next().orElseThrow();
        matrix.over(turn, result(turn.cell(), List.of()));

        assertThat(matrix.report().succeeded()).isFalse();
    }

    @Test
    void aCellThatDoesNotHoldFailsTheRunAndSaysWhatDoesNot() {
        MatrixRun run = new MatrixRun(NAMES.subList(0, 1), new Console(new PrintStream(told), false));
        MatrixRun.Turn turn = run.next().orElseThrow();
        run.over(turn, result(turn.cell(), List.of("1 locks of the workload")));

        assertThat(run.report().succeeded()).isFalse();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("XX  1/1 " + NAMES.get(0), "1 locks of the workload");
    }

    @Test
    void whatKeptASystemFromItsPartFailsTheRunAndTheFirstReasonCounts() {
        for (Optional<MatrixRun.Turn> turn = matrix.next(); turn.isPresent(); turn = matrix.next()) {
            matrix.over(turn.get(), result(turn.get().cell(), List.of()));
        }

        matrix.failed("the database does not start");
        matrix.failed("the broker neither");

        assertThat(matrix.report().failure()).isEqualTo("the database does not start");
        assertThat(matrix.report().succeeded()).isFalse();
    }

    private static CellResult result(Cell cell, List<String> violations) {
        return new CellResult(
                cell.saga().label(),
                cell.step(),
                cell.fault().label(),
                "completed",
                List.of("completed"),
                "",
                violations,
                1,
                0,
                0,
                1);
    }
}
