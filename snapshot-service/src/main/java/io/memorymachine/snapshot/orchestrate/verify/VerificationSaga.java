package io.memorymachine.snapshot.orchestrate.verify;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/** Has each node read its images of a snapshot and compare every file with its checksum. Changes nothing. */
public final class VerificationSaga {
    /** The persisted type. */
    public static final String TYPE = "verify-snapshot";

    private VerificationSaga() {}

    /** The definition. */
    public static SagaDefinition<VerificationData> definition() {
        return SagaDefinition.of(TYPE, VerificationData.class, Topics.SNAPSHOT_REPLIES)
                .step(
                        "verify",
                        step -> step.sends(VerificationSaga::commands)
                                .on(ImagesVerified.class, (d, verified) -> d.checked(verified.verifiedBytes()))
                                .within(Duration.ofMinutes(10))
                                .retrying(RetryPolicy.NONE))
                .completesWith(d -> new ImagesVerified("", d.snapshotId(), d.checkedBytes()));
    }

    private static List<Dispatch> commands(VerificationData d) {
        return d.imagesByNode().entrySet().stream()
                .map(node -> new Dispatch(
                        node.getKey(),
                        Topics.PMEM_COMMANDS,
                        // The members as they run now do not matter: no restore is planned.
                        new VerifyImages(node.getKey(), d.snapshotId(), node.getValue(), List.of())))
                .toList();
    }
}
