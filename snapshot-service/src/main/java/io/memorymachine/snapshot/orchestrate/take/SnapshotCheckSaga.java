package io.memorymachine.snapshot.orchestrate.take;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.saga.definition.SagaDefinition;

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
                .step("find-members", SnapshotSaga::findMembers)
                .step("authorize", SnapshotSaga::authorize)
                .step("reserve", SnapshotSaga::reserve)
                // What is left behind runs out, or is removed as an orphan: no reason to say that the check failed.
                .step("discard" + AT_END, step -> SnapshotSaga.discard(step).bestEffort())
                .step(
                        "return-license" + AT_END,
                        step -> SnapshotSaga.returnLicense(step).bestEffort())
                .completesWith(d -> new Released(d.snapshotId()));
    }
}
