package io.memorymachine.local.api;

import java.time.Instant;
import java.util.List;

import io.memorymachine.failure.Failure;

/**
 * What snapshot-service tells of a snapshot, as far as the runtime uses it.
 *
 * @param phase {@code running}, {@code compensating}, {@code sealed}, {@code failed}, {@code cancelled} or
 *     {@code deleting}
 * @param pausedMicros how long the cluster was passive; 0 where it was not
 * @param captureMode {@code clone}, or {@code full} where the volume cannot clone
 * @param uniqueBytes what the snapshot alone takes on the volume
 * @param failure null unless failed
 */
public record SnapshotView(
        String id,
        String name,
        String phase,
        List<StepView> steps,
        List<Member> members,
        long pausedMicros,
        String captureMode,
        long totalBytes,
        long uniqueBytes,
        Failure failure) {
    /** Absent lists are empty. */
    public SnapshotView {
        steps = steps == null ? List.of() : List.copyOf(steps);
        members = members == null ? List.of() : List.copyOf(members);
    }

    /**
     * One member's image.
     *
     * @param criuBytes what CRIU wrote beside the heap
     */
    public record Member(
            String pod,
            String ip,
            Instant frozenAt,
            long frozenMicros,
            long heapBytes,
            long criuBytes,
            long totalBytes,
            String mode) {}
}
