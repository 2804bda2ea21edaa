package io.memorymachine.saga.progress;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.memorymachine.failure.Failure;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.saga.state.StepRecord;

/**
 * A step of a saga as users see it.
 *
 * @param compensating whether it undid another one
 * @param status {@code started}, {@code finished} or {@code failed}
 * @param micros how long it took; 0 while it runs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepView(
        String name,
        boolean compensating,
        String status,
        Instant startedAt,
        long micros,
        int attempts,
        Failure failure) {
    /** The steps that a saga has begun, in order; none for null. */
    public static List<StepView> of(SagaState<?> saga) {
        return saga == null
                ? List.of()
                : saga.history().stream().map(StepView::of).toList();
    }

    private static StepView of(StepRecord record) {
        return new StepView(
                record.step(),
                record.compensating(),
                record.status().name().toLowerCase(Locale.ROOT),
                record.startedAt(),
                record.micros(),
                record.attempts(),
                record.failure());
    }
}
