package io.memorymachine.snapshot.orchestrate.orphan;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/** Removes from one node what it holds of a snapshot that does not exist. If it gives up, the next inventory begins anew. */
public final class OrphanSaga {
    /** The persisted type. */
    public static final String TYPE = "discard-orphan";

    private OrphanSaga() {}

    /** The definition. */
    public static SagaDefinition<OrphanData> definition() {
        return SagaDefinition.of(TYPE, OrphanData.class, Topics.SNAPSHOT_REPLIES)
                .step(
                        "discard",
                        step -> step.sends(d -> List.of(new Dispatch(
                                        d.node(), Topics.PMEM_COMMANDS, new DiscardImages(d.node(), d.snapshotId()))))
                                .on(ImagesDiscarded.class, (d, discarded) -> d.freed(discarded.freedBytes()))
                                .within(Duration.ofSeconds(30))
                                .retrying(new RetryPolicy(5, Duration.ofSeconds(1)))
                                .pointOfNoReturn())
                .completesWith(d -> new ImagesDiscarded(d.node(), d.snapshotId(), d.freedBytes()));
    }
}
