package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.restore.RestoreCommand.FindTargets;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.contract.restore.RestoreReply.TargetsFound;
import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotHeld;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/**
 * Finds out whether a restore could begin: the steps of {@link RestoreSaga} up to the safety snapshot, which change nothing.
 * The snapshot is held and the workload locked while they run, and let go of at the end.
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
                .step(
                        "hold-snapshot",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.SNAPSHOT_COMMANDS,
                                        new HoldSnapshot(d.snapshot(), d.restoreId(), d.name())))
                                .on(SnapshotHeld.class, (d, held) -> d.withManifest(held.manifest()))
                                .undoneBy(
                                        "unhold-snapshot",
                                        undo -> undo.sends(d -> List.of(RestoreSaga.unhold(d)))
                                                .on(SnapshotUnheld.class)
                                                .retrying(FOR_LONG)))
                .step(
                        "find-targets",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        new FindTargets(
                                                d.manifest().workload(),
                                                d.manifest().members().size(),
                                                d.manifest().images())))
                                .on(TargetsFound.class, (d, found) -> d.withOldMembers(found.members())))
                .step(
                        "authorize",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.LICENSE_COMMANDS,
                                        new AuthorizeOperation(
                                                d.restoreId(),
                                                "restore",
                                                List.copyOf(d.imagesByNode().keySet()),
                                                0,
                                                RestoreSaga.LICENSE_LEASE)))
                                .on(Authorized.class)
                                .undoneBy(
                                        "return-license",
                                        undo -> undo.sends(d -> List.of(RestoreSaga.returnLicense(d)))
                                                .on(Released.class)))
                .step(
                        "verify",
                        step -> step.sends(RestoreSaga::verify)
                                .on(ImagesVerified.class)
                                .within(RestoreSaga.LONG)
                                .retrying(RestoreSaga.TWICE))
                .step(
                        GIVE_BACK,
                        step -> step.sends(d -> List.of(RestoreSaga.returnLicense(d), RestoreSaga.unhold(d)))
                                .on(Released.class)
                                .on(SnapshotUnheld.class)
                                .within(Duration.ofSeconds(30))
                                .retrying(FOR_LONG)
                                .bestEffort())
                .completesWith(d -> new RestoreDone(d.restoreId(), d.name()));
    }
}
