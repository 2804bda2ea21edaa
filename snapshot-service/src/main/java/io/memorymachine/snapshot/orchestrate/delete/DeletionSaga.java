package io.memorymachine.snapshot.orchestrate.delete;

import java.time.Duration;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/**
 * Deletes a snapshot. The entry is marked before anything is removed, so a snapshot that is half gone is never restorable;
 * there is nothing to compensate, only to repeat.
 */
public final class DeletionSaga {
    /** The persisted type. */
    public static final String TYPE = "delete-snapshot";

    private DeletionSaga() {}

    /** The definition. */
    public static SagaDefinition<DeletionData> definition() {
        return SagaDefinition.of(TYPE, DeletionData.class, Topics.SNAPSHOT_REPLIES)
                .step(
                        "discard",
                        step -> step.sends(d -> d.nodes().stream()
                                        .map(node -> new Dispatch(
                                                node, Topics.PMEM_COMMANDS, new DiscardImages(node, d.snapshotId())))
                                        .toList())
                                .on(ImagesDiscarded.class)
                                .within(Duration.ofSeconds(30))
                                .retrying(new RetryPolicy(10, Duration.ofSeconds(1)))
                                .pointOfNoReturn())
                .completesWith(d -> new SnapshotDeleted(d.name()));
    }
}
