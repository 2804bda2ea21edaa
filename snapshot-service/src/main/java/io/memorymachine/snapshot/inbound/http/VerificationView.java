package io.memorymachine.snapshot.inbound.http;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.failure.Failure;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.orchestrate.verify.VerificationData;

/**
 * What came of verifying a snapshot.
 *
 * @param whole whether every file has the checksum that it was sealed with, and the nodes could put it back
 * @param checkedBytes what was read, on the nodes that found nothing wrong
 * @param micros how long it took
 * @param failure what is wrong, or absent
 */
@Schema(description = "Whether a snapshot's images are as they were sealed")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerificationView(
        @Schema(examples = "monday") String name,
        boolean whole,
        long checkedBytes,
        Instant verifiedAt,
        long micros,
        Failure failure) {
    private static final long NANOS_PER_MICRO = 1000;

    static VerificationView of(SagaState<VerificationData> saga) {
        return new VerificationView(
                saga.data().name(),
                saga.failure() == null,
                saga.data().checkedBytes(),
                saga.endedAt(),
                Duration.between(saga.startedAt(), saga.endedAt()).toNanos() / NANOS_PER_MICRO,
                saga.failure());
    }
}
