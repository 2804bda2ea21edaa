package io.memorymachine.snapshot.orchestrate.take;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.GuardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.PrepareMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceGuarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotTaken;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadQuiesced;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadResumed;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;

/**
 * Takes a snapshot.
 *
 * <p>Only what lies between {@code quiesce} and {@code resume} is felt by clients. Whatever fails after the quiesce, the
 * resume runs before anything else is undone.
 */
public final class SnapshotSaga {
    /** The persisted type. */
    public static final String TYPE = "snapshot";

    private static final Duration LICENSE_LEASE = Duration.ofHours(1);
    private static final RetryPolicy ONCE = RetryPolicy.NONE;

    /** A node's service that starts again takes half a minute on a busy machine, and nobody stands still meanwhile. */
    private static final RetryPolicy UNTIL_THE_NODE_IS_BACK = new RetryPolicy(6, Duration.ofSeconds(1));

    private static final RetryPolicy UNTIL_DONE = new RetryPolicy(20, Duration.ofSeconds(1));

    private SnapshotSaga() {}

    /** The definition. */
    public static SagaDefinition<SnapshotData> definition() {
        return SagaDefinition.of(TYPE, SnapshotData.class, Topics.SNAPSHOT_REPLIES)
                .step("find-members", SnapshotSaga::findMembers)
                .step("authorize", SnapshotSaga::authorize)
                .step("reserve", SnapshotSaga::reserve)
                .step(
                        "prepare",
                        step -> step.sends(d -> eachNode(
                                        d, (node, members) -> new PrepareMembers(node, d.snapshotId(), members)))
                                .on(MembersPrepared.class)
                                .within(Duration.ofMinutes(2)))
                // A round trip of its own, after the slow part: the time that it allows has only just begun at the
                // quiesce.
                .step(
                        "guard",
                        step -> step.when(d -> d.profile().pause())
                                .sends(d -> eachNode(
                                        d,
                                        (node, members) -> new GuardQuiesce(
                                                node,
                                                d.snapshotId(),
                                                new QuiesceGuard(d.profile(), d.clusterState(), d.members()))))
                                .on(QuiesceGuarded.class, (d, guarded) -> d.guarded(guarded.until()))
                                .retrying(UNTIL_THE_NODE_IS_BACK))
                .step(
                        "quiesce",
                        step -> step.when(d -> d.profile().pause())
                                .sends(d -> Dispatch.one(
                                        Topics.SNAPSHOT_COMMANDS,
                                        new QuiesceWorkload(
                                                d.snapshotId(),
                                                d.workload(),
                                                d.profile(),
                                                d.clusterState(),
                                                d.members(),
                                                d.guardedUntil())))
                                .on(
                                        WorkloadQuiesced.class,
                                        (d, quiesced) -> d.withClusterState(quiesced.previousState())
                                                .withQuiescedAt(quiesced.at()))
                                .retrying(ONCE)
                                .undoneFirst()
                                .undoneBy(
                                        "resume-first",
                                        undo -> undo.sends(d -> Dispatch.one(
                                                        Topics.SNAPSHOT_COMMANDS,
                                                        new ResumeWorkload(d.snapshotId(), false)))
                                                .on(
                                                        WorkloadResumed.class,
                                                        (d, resumed) -> d.withPausedMicros(resumed.pausedMicros()))
                                                .within(Duration.ofSeconds(5))
                                                .retrying(UNTIL_DONE)))
                .step(
                        "capture",
                        step -> step.sends(d -> eachNode(
                                        d, (node, members) -> new CaptureMembers(node, d.snapshotId(), members)))
                                .on(MembersCaptured.class, (d, captured) -> d.addCaptured(captured.members()))
                                .within(Duration.ofSeconds(60))
                                .retrying(ONCE)
                                .undoneBy(
                                        "abandon",
                                        undo -> undo.sends(d -> eachNode(
                                                        d,
                                                        (node, members) ->
                                                                new AbandonOperation(node, d.snapshotId(), members)))
                                                .on(OperationAbandoned.class)
                                                .within(Duration.ofSeconds(30))
                                                .retrying(UNTIL_DONE)))
                .step(
                        "resume",
                        step -> step.when(d -> d.profile().pause())
                                .sends(d -> Dispatch.one(
                                        Topics.SNAPSHOT_COMMANDS, new ResumeWorkload(d.snapshotId(), true)))
                                .on(WorkloadResumed.class, (d, resumed) -> d.withPausedMicros(resumed.pausedMicros()))
                                .within(Duration.ofSeconds(5))
                                .retrying(new RetryPolicy(5, Duration.ofMillis(500))))
                .step(
                        "seal",
                        step -> step.sends(d -> eachNode(
                                        d,
                                        (node, members) ->
                                                new SealImages(node, d.snapshotId(), members, d.encrypted())))
                                .on(ImagesSealed.class, (d, done) -> d.addImages(done.images(), done.sealedAt()))
                                .within(Duration.ofMinutes(10)))
                // The lease runs out by itself: no reason to throw a sealed snapshot away.
                .step("return-license-at-end", step -> returnLicense(step).bestEffort())
                .completesWith(d -> new SnapshotTaken(manifest(d)));
    }

    static Step.Builder<SnapshotData> findMembers(Step.Builder<SnapshotData> step) {
        return step.sends(d -> Dispatch.one(Topics.SNAPSHOT_COMMANDS, new FindMembers(d.workload(), d.profile())))
                .on(MembersFound.class, (d, found) -> d.found(found));
    }

    static Step.Builder<SnapshotData> authorize(Step.Builder<SnapshotData> step) {
        return step.sends(d -> Dispatch.one(
                        Topics.LICENSE_COMMANDS,
                        new AuthorizeOperation(
                                d.snapshotId(),
                                "snapshot",
                                List.copyOf(d.membersByNode().keySet()),
                                d.heapBytes(),
                                LICENSE_LEASE)))
                .on(Authorized.class)
                .undoneBy("return-license", SnapshotSaga::returnLicense);
    }

    static Step.Builder<SnapshotData> reserve(Step.Builder<SnapshotData> step) {
        return step.sends(d ->
                        eachNode(d, (node, members) -> new ReserveSpace(node, d.snapshotId(), members, d.encrypted())))
                .on(SpaceReserved.class, (d, reserved) -> d.reserved(reserved.mode()))
                .retrying(UNTIL_THE_NODE_IS_BACK)
                .undoneBy("discard", SnapshotSaga::discard);
    }

    static Step.Builder<SnapshotData> discard(Step.Builder<SnapshotData> step) {
        return step.sends(d -> eachNode(d, (node, members) -> new DiscardImages(node, d.snapshotId())))
                .on(ImagesDiscarded.class)
                .within(Duration.ofSeconds(30))
                .retrying(UNTIL_DONE);
    }

    static Step.Builder<SnapshotData> returnLicense(Step.Builder<SnapshotData> step) {
        return step.sends(d -> Dispatch.one(Topics.LICENSE_COMMANDS, new ReleaseAuthorization(d.snapshotId())))
                .on(Released.class);
    }

    /** What the catalogue keeps of a snapshot whose images are all sealed. */
    static SnapshotManifest manifest(SnapshotData d) {
        return new SnapshotManifest(
                d.snapshotId(),
                d.name(),
                d.workload(),
                d.profile(),
                d.clusterState(),
                d.frozenAt(),
                d.sealedAt(),
                d.members(),
                d.images(),
                d.encrypted());
    }

    static List<Dispatch> eachNode(SnapshotData data, BiFunction<String, List<MemberPlacement>, Command> command) {
        return data.membersByNode().entrySet().stream()
                .map(node -> new Dispatch(
                        node.getKey(), Topics.PMEM_COMMANDS, command.apply(node.getKey(), node.getValue())))
                .toList();
    }
}
