package io.memorymachine.platform.kubernetes;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;

/**
 * What the webhook makes of the pods of one workload while they are recreated.
 *
 * @param operation what recreates them; stands on each of them afterwards
 * @param ordinals the members that are recreated; others come back as they are
 * @param nodes where a member has to run, since that node holds its image; may lack any of them
 * @param until from then on the plan counts no more, whoever has died without disarming it
 */
public record RestorePlan(
        WorkloadRef workload,
        String operation,
        MemberStart start,
        Set<Integer> ordinals,
        Map<Integer, String> nodes,
        Instant until) {
    /** Keeps copies. */
    public RestorePlan {
        ordinals = Set.copyOf(ordinals);
        nodes = nodes == null ? Map.of() : Map.copyOf(nodes);
    }

    /** Whether it says something about this member now. */
    public boolean covers(int ordinal, Instant now) {
        return ordinals.contains(ordinal) && now.isBefore(until);
    }
}
