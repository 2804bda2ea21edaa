package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
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
                .step("hold-snapshot", step -> RestoreSaga.hold(step, FOR_LONG))
                .step("find-targets", RestoreSaga::findTargets)
                .step("authorize", RestoreSaga::authorize)
                .step("verify", RestoreSaga::verify)
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
