package io.memorymachine.snapshot.orchestrate.take;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;

/**
 * Finds out whether a snapshot could be taken: the steps of {@link SnapshotSaga} that come before anything is done to a
 * member. What they set aside, a lease on the licence and space, is given back. The workload is not locked.
 */
public final class SnapshotCheckSaga {
    /** The persisted type. */
    public static final String TYPE = "check-snapshot";

    /** How the names of the steps end that give back what was set aside. */
    public static final String AT_END = "-at-end";

    private SnapshotCheckSaga() {}

    /** The definition. */
    public static SagaDefinition<SnapshotData> definition() {
        return SagaDefinition.of(TYPE, SnapshotData.class, Topics.SNAPSHOT_REPLIES)
                .step(
                        "find-members",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.SNAPSHOT_COMMANDS, new FindMembers(d.workload(), d.profile())))
                                .on(MembersFound.class, (d, found) -> d.found(found)))
                .step(
                        "authorize",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.LICENSE_COMMANDS,
                                        new AuthorizeOperation(
                                                d.snapshotId(),
                                                "snapshot",
                                                List.copyOf(d.membersByNode().keySet()),
                                                d.heapBytes(),
                                                SnapshotSaga.LICENSE_LEASE)))
                                .on(Authorized.class)
                                .undoneBy("return-license", SnapshotSaga::returnLicense))
                .step(
                        "reserve",
                        step -> step.sends(d -> SnapshotSaga.eachNode(
                                        d,
                                        (node, members) ->
                                                new ReserveSpace(node, d.snapshotId(), members, d.encrypted())))
                                .on(SpaceReserved.class, (d, reserved) -> d.reserved(reserved.mode()))
                                .undoneBy("discard", SnapshotCheckSaga::discard))
                // What is left behind runs out, or is removed as an orphan: no reason to say that the check failed.
                .step("discard" + AT_END, step -> discard(step).bestEffort())
                .step(
                        "return-license" + AT_END,
                        step -> SnapshotSaga.returnLicense(step).bestEffort())
                .completesWith(d -> new Released(d.snapshotId()));
    }

    private static Step.Builder<SnapshotData> discard(Step.Builder<SnapshotData> step) {
        return step.sends(d -> SnapshotSaga.eachNode(d, (node, members) -> new DiscardImages(node, d.snapshotId())))
                .on(ImagesDiscarded.class)
                .within(Duration.ofSeconds(30))
                .retrying(SnapshotSaga.UNTIL_DONE);
    }
}
