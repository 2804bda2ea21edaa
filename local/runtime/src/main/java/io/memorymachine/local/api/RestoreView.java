package io.memorymachine.local.api;

import java.time.Instant;
import java.util.List;

import io.memorymachine.failure.Failure;

/**
 * What restore-service tells of a restore, as far as the runtime uses it.
 *
 * @param phase {@code running}, {@code compensating}, {@code completed}, {@code failed}, {@code cancelled} or
 *     {@code rolled-back}
 * @param destroyedAt when the last of the old members had ended
 * @param activeAt when the cluster was whole and active again
 * @param safetySnapshot whether what ran before was captured first
 * @param failure null unless failed
 */
public record RestoreView(
        String id,
        String name,
        String snapshot,
        String phase,
        List<StepView> steps,
        List<Member> members,
        Instant destroyedAt,
        Instant releasedAt,
        Instant activeAt,
        boolean safetySnapshot,
        Failure failure) {
    /** Absent lists are empty. */
    public RestoreView {
        steps = steps == null ? List.of() : List.copyOf(steps);
        members = members == null ? List.of() : List.copyOf(members);
    }

    /** One member, before and after. */
    public record Member(String pod, String oldIp, String newIp, long materializedMicros) {}
}
