package io.memorymachine.snapshot.inbound.http;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.Failure;
import io.memorymachine.saga.progress.StepView;

/**
 * A snapshot as users see it.
 *
 * @param phase {@code running}, {@code compensating}, {@code sealed}, {@code failed}, {@code cancelled}, {@code deleting},
 *     {@code delete-failed}
 * @param step the step that runs, or null
 * @param members empty until they are found
 * @param pausedMicros for how long the cluster was passive, as the saga saw it
 * @param totalBytes the size of all images, holes included
 * @param uniqueBytes what they occupied on the volumes beyond live heaps when they were sealed
 * @param workloadLockedBy the kind and name of the operation that works on the workload, or null; null in lists
 * @param verifiedAt when the images were last compared with their checksums, or null
 * @param verificationFailure what that has found wrong, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotView(
        UUID id,
        String name,
        String namespace,
        String statefulset,
        String profile,
        boolean pause,
        boolean encrypted,
        String phase,
        String step,
        Instant requestedAt,
        Instant finishedAt,
        List<StepView> steps,
        List<MemberView> members,
        long pausedMicros,
        CaptureMode captureMode,
        long totalBytes,
        long uniqueBytes,
        Failure failure,
        String workloadLockedBy,
        Instant verifiedAt,
        Failure verificationFailure) {

    /** A member of a snapshot; figures are absent until they are known. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberView(
            String pod,
            String node,
            String ip,
            String imageDigest,
            Instant frozenAt,
            Long frozenMicros,
            Long heapBytes,
            Long criuBytes,
            Long totalBytes,
            Long uniqueBytes,
            CaptureMode mode) {}

    /** A page of snapshots. {@code next} is the value of {@code continue} for the following page, or null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Page(List<SnapshotView> items, String next) {}
}
