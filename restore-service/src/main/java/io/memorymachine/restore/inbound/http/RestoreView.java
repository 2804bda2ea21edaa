package io.memorymachine.restore.inbound.http;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized.MaterializedMember;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;
import io.memorymachine.restore.orchestrate.RestoreData;
import io.memorymachine.restore.store.RestoreRow;
import io.memorymachine.saga.progress.StepView;
import io.memorymachine.saga.state.SagaState;

/**
 * A restore as users see it; what is not known yet is absent.
 *
 * @param phase {@code running}, {@code compensating}, {@code completed}, {@code failed}, {@code cancelled},
 *     {@code rolled-back}
 * @param step the step that runs, or null
 * @param members the snapshot's members; empty until they are known
 * @param destroyedAt when the last of the old members had ended
 * @param releasedAt when the last of the new members was let run
 * @param activeAt when the cluster was seen whole, safe and in its state again
 */
@Schema(description = "A restore; what is not known yet is absent")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreView(
        UUID id,
        @Schema(examples = "back-to-monday") String name,
        @Schema(examples = "hz-snap-test") String snapshot,
        @Schema(examples = "demo") String namespace,
        @Schema(examples = "hz") String statefulset,
        @Schema(examples = "running") String phase,
        @Schema(examples = "materialize") String step,
        Instant requestedAt,
        Instant finishedAt,
        List<StepView> steps,
        List<MemberView> members,
        Instant destroyedAt,
        Instant releasedAt,
        Instant activeAt,
        boolean safetySnapshot,
        Failure failure) {

    /** A member: where it was and where it is. The old address is absent where it was down. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberView(
            @Schema(examples = "hz-0") String pod,
            @Schema(examples = "local") String node,
            @Schema(examples = "10.77.0.2") String oldIp,
            @Schema(examples = "10.77.0.5") String newIp,
            Long materializedMicros) {}

    /** A page of restores. {@code next} is the value of {@code continue} for the following page, or absent. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Page(List<RestoreView> items, String next) {}

    static RestoreView of(RestoreRow row, SagaState<RestoreData> saga) {
        RestoreData data = saga.data();
        WorkloadRef workload =
                data.manifest() == null ? row.workloadRef() : data.manifest().workload();
        return new RestoreView(
                row.id(),
                row.name(),
                row.snapshot(),
                workload == null ? null : workload.namespace(),
                workload == null ? null : workload.name(),
                saga.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                saga.step(),
                row.requestedAt(),
                saga.endedAt(),
                StepView.of(saga),
                data.manifest() == null ? List.of() : members(data),
                data.destroyedAt(),
                data.releasedAt(),
                data.activeAt(),
                data.safetyWanted(),
                saga.failure());
    }

    private static List<MemberView> members(RestoreData data) {
        Map<Integer, MemberPlacement> before = byOrdinal(data.oldMembers());
        Map<Integer, MemberPlacement> after = byOrdinal(data.newMembers());
        Map<Integer, Long> micros = data.materialized().stream()
                .collect(Collectors.toMap(member -> member.member().ordinal(), MaterializedMember::micros));
        return data.manifest().members().stream()
                .map(member -> {
                    int ordinal = member.member().ordinal();
                    return new MemberView(
                            member.member().pod(),
                            Optional.ofNullable(after.getOrDefault(ordinal, before.get(ordinal)))
                                    .orElse(member)
                                    .node(),
                            address(before.get(ordinal)),
                            address(after.get(ordinal)),
                            micros.get(ordinal));
                })
                .toList();
    }

    private static Map<Integer, MemberPlacement> byOrdinal(List<MemberPlacement> members) {
        return members == null
                ? Map.of()
                : members.stream()
                        .collect(Collectors.toMap(member -> member.member().ordinal(), Function.identity()));
    }

    private static String address(MemberPlacement member) {
        return member == null ? null : member.address();
    }
}
