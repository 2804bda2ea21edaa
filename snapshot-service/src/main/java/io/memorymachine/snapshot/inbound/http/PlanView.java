package io.memorymachine.snapshot.inbound.http;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.Failure;
import io.memorymachine.saga.progress.StepView;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.orchestrate.take.SnapshotCheckSaga;
import io.memorymachine.snapshot.orchestrate.take.SnapshotChecks;
import io.memorymachine.snapshot.orchestrate.take.SnapshotData;

/**
 * What would come of taking a snapshot.
 *
 * @param possible whether nothing is against it now
 * @param checks the checks that ran, in their order
 * @param steps the steps that would follow
 * @param members empty until they are found
 * @param heapBytes the heaps together; what a full copy would take
 * @param failure the first reason against it, or absent
 */
@Schema(description = "What would come of it; nothing was changed")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanView(
        @Schema(examples = "snapshot") String operation,
        @Schema(examples = "monday") String name,
        @Schema(examples = "demo") String namespace,
        @Schema(examples = "hz") String statefulset,
        boolean possible,
        List<StepView> checks,
        List<String> steps,
        List<Member> members,
        CaptureMode captureMode,
        long heapBytes,
        Failure failure) {
    /** Where a member runs now. */
    public record Member(
            @Schema(examples = "hz-0") String pod,
            @Schema(examples = "node-a") String node,
            @Schema(examples = "10.77.0.2") String ip) {}

    static PlanView of(SagaState<SnapshotData> check) {
        SnapshotData d = check.data();
        return new PlanView(
                "snapshot",
                d.name(),
                d.workload().namespace(),
                d.workload().name(),
                check.failure() == null,
                StepView.of(check).stream().filter(PlanView::isCheck).toList(),
                SnapshotChecks.stepsBehind(d),
                d.members() == null
                        ? List.of()
                        : d.members().stream()
                                .map(member -> new Member(member.member().pod(), member.node(), member.address()))
                                .toList(),
                d.mode(),
                d.heapBytes(),
                check.failure());
    }

    /** Giving back what was set aside is none. */
    private static boolean isCheck(StepView step) {
        return !step.compensating() && !step.name().endsWith(SnapshotCheckSaga.AT_END);
    }
}
