package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;

/**
 * Finds out whether a restore could begin: the steps of {@link RestoreSaga} up to the safety snapshot, which change nothing,
 * and whether there is room for that. The snapshot is held and the workload locked while they run, and let go of at the end.
 */
public final class RestoreCheckSaga {
    /** The persisted type. */
    public static final String TYPE = "check-restore";

    /** The step that gives back what the checks have taken. */
    public static final String GIVE_BACK = "give-back";

    /** No fact says that a check has ended, by which snapshot-service would let go of what it holds: so it is told for long. */
    private static final RetryPolicy FOR_LONG = new RetryPolicy(500, Duration.ofSeconds(1));

    private RestoreCheckSaga() {}

    /** The definition. */
    public static SagaDefinition<RestoreData> definition() {
        return SagaDefinition.of(TYPE, RestoreData.class, Topics.RESTORE_REPLIES)
                .step("hold-snapshot", step -> RestoreSaga.hold(step, FOR_LONG))
                .step("find-targets", RestoreSaga::findTargets)
                .step("authorize", RestoreSaga::authorize)
                .step("verify", RestoreSaga::verify)
                .step("reserve-safety-space", RestoreCheckSaga::reserve)
                .step(
                        GIVE_BACK,
                        step -> step.sends(RestoreCheckSaga::giveBack)
                                .on(Released.class)
                                .on(SnapshotUnheld.class)
                                .on(ImagesDiscarded.class)
                                .within(Duration.ofSeconds(30))
                                .retrying(FOR_LONG)
                                .bestEffort())
                .completesWith(d -> new RestoreDone(d.restoreId(), d.name()));
    }

    /** As much as a snapshot of what runs now would set aside; by that snapshot's own command, under the check's id. */
    private static Step.Builder<RestoreData> reserve(Step.Builder<RestoreData> step) {
        return step.when(RestoreData::safetyWanted)
                .sends(d -> RestoreSaga.eachNode(
                        d.oldMembers(),
                        (node, members) -> new ReserveSpace(
                                node, d.restoreId(), members, d.manifest().encrypted())))
                .on(SpaceReserved.class)
                .undoneBy(
                        "discard-safety-space",
                        undo -> undo.sends(RestoreCheckSaga::discard)
                                .on(ImagesDiscarded.class)
                                .within(Duration.ofSeconds(30))
                                .retrying(RestoreSaga.UNTIL_DONE));
    }

    private static List<Dispatch> discard(RestoreData d) {
        return RestoreSaga.eachNode(d.oldMembers(), (node, members) -> new DiscardImages(node, d.restoreId()));
    }

    private static List<Dispatch> giveBack(RestoreData d) {
        List<Dispatch> commands = new ArrayList<>(List.of(RestoreSaga.returnLicense(d), RestoreSaga.unhold(d)));
        if (d.safetyWanted()) {
            commands.addAll(discard(d));
        }
        return commands;
    }
}
