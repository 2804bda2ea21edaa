package io.memorymachine.restore.inbound.http;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;
import io.memorymachine.restore.orchestrate.RestoreCheckSaga;
import io.memorymachine.restore.orchestrate.RestoreChecks;
import io.memorymachine.restore.orchestrate.RestoreData;
import io.memorymachine.saga.progress.StepView;
import io.memorymachine.saga.state.SagaState;

/**
 * What would come of a restore.
 *
 * @param possible whether nothing is against it now
 * @param checks the checks that ran, in their order
 * @param steps the steps that would follow
 * @param members the members that would be destroyed; empty until they are found
 * @param failure the first reason against it, or absent
 */
@Schema(description = "What would come of it; nothing was changed")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanView(
        @Schema(examples = "restore") String operation,
        @Schema(examples = "back-to-monday") String name,
        @Schema(examples = "hz-snap-test") String snapshot,
        @Schema(examples = "demo") String namespace,
        @Schema(examples = "hz") String statefulset,
        boolean possible,
        List<StepView> checks,
        List<String> steps,
        List<Member> members,
        Failure failure) {
    /** Where a member runs now. */
    public record Member(
            @Schema(examples = "hz-0") String pod,
            @Schema(examples = "node-a") String node,
            @Schema(examples = "10.77.0.2") String ip) {}

    static PlanView of(SagaState<RestoreData> check) {
        RestoreData d = check.data();
        WorkloadRef workload = d.manifest() == null ? null : d.manifest().workload();
        return new PlanView(
                "restore",
                d.name(),
                d.snapshot(),
                workload == null ? null : workload.namespace(),
                workload == null ? null : workload.name(),
                check.failure() == null,
                StepView.of(check).stream()
                        .filter(step -> !step.compensating() && !step.name().equals(RestoreCheckSaga.GIVE_BACK))
                        .toList(),
                RestoreChecks.stepsBehind(d),
                d.oldMembers() == null
                        ? List.of()
                        : d.oldMembers().stream()
                                .map(member -> new Member(member.member().pod(), member.node(), member.address()))
                                .toList(),
                check.failure());
    }
}
