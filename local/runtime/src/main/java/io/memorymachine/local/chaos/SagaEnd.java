package io.memorymachine.local.chaos;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.memorymachine.client.ProblemException;
import io.memorymachine.failure.Failure;
import io.memorymachine.local.api.RestoreView;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.api.SnapshotView;
import io.memorymachine.local.api.StepView;

/**
 * How an operation ended, as the API tells.
 *
 * @param outcome {@code completed}, {@code cancelled}, {@code failed REASON}, {@code rolled back after REASON}, or
 *     {@code not over} where it did not end within the bound
 * @param steps those that were begun, in order
 * @param detail the failure's message, or empty
 */
public record SagaEnd(String id, String outcome, List<String> steps, String detail) {
    private static final Set<String> RUNNING = Set.of("running", "compensating");
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int FIRST_SERVER_ERROR = 500;

    /** Waits for the end of a snapshot; services that are away are waited for too. */
    public static SagaEnd ofSnapshot(Services services, String name, Duration bound) throws InterruptedException {
        return await(bound, () -> of(services.snapshot(name)));
    }

    /** Waits for the end of a restore; services that are away are waited for too. */
    public static SagaEnd ofRestore(Services services, String name, Duration bound) throws InterruptedException {
        return await(bound, () -> of(services.restore(name)));
    }

    /** Waits until an operation does not go forward any more: it is undone, or over. */
    static void awaitTurn(Supplier<String> phase, Duration bound) throws InterruptedException {
        await(bound, () -> new SagaEnd("", phase.get().equals("running") ? "running" : "turned", List.of(), ""));
    }

    /** Whether the operation did all that it was asked for. */
    public boolean completed() {
        return outcome.equals("completed");
    }

    private static SagaEnd await(Duration bound, Supplier<SagaEnd> look) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                SagaEnd seen = look.get();
                if (!RUNNING.contains(seen.outcome())) {
                    return seen;
                }
                last = seen.outcome() + ", steps " + seen.steps();
            } catch (UncheckedIOException e) {
                last = e.getMessage();
            } catch (ProblemException e) {
                if (e.status() < FIRST_SERVER_ERROR) {
                    throw e;
                }
                last = e.getMessage();
            }
            Thread.sleep(POLL.toMillis());
        }
        return new SagaEnd("", "not over", List.of(), "after " + bound.toSeconds() + " s: " + last);
    }

    private static SagaEnd of(SnapshotView view) {
        return of(view.id(), view.phase(), view.steps(), view.failure());
    }

    private static SagaEnd of(RestoreView view) {
        return of(view.id(), view.phase(), view.steps(), view.failure());
    }

    private static SagaEnd of(String id, String phase, List<StepView> steps, Failure failure) {
        String reason = failure == null ? "" : " " + failure.reason();
        String outcome = switch (phase) {
            case "sealed", "completed" -> "completed";
            case "failed" -> "failed" + reason;
            case "rolled-back" -> "rolled back after" + reason;
            default -> phase;
        };
        return new SagaEnd(
                id,
                outcome,
                steps.stream().map(StepView::name).toList(),
                failure == null ? "" : String.valueOf(failure.message()));
    }
}
