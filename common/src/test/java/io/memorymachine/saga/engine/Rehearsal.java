package io.memorymachine.saga.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadResumed;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/**
 * The data of a saga that only tests know, and its definition: real messages, executed by {@link Script}.
 *
 * @param notes the steps whose replies have arrived, in their order
 */
record Rehearsal(String id, boolean hurried, List<String> nodes, List<String> notes) {
    /** Longer than a busy machine takes for hundreds of rehearsals at once. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final FindMembers FIND = new FindMembers(
            new WorkloadRef("default", "hz"), new ProfileSettings("none", false, Duration.ofSeconds(30)));

    /** hurry, where it is hurried; find; reserve on each node (undone by discard); resume. */
    static final SagaDefinition<Rehearsal> DEFINITION = SagaDefinition.of(
                    "rehearsal", Rehearsal.class, Topics.SNAPSHOT_REPLIES)
            .step(
                    "hurry",
                    s -> s.when(Rehearsal::hurried)
                            .sends(data -> Dispatch.one(Topics.SNAPSHOT_COMMANDS, FIND))
                            .on(MembersFound.class, (data, reply) -> data.noting("hurry"))
                            .within(Duration.ofMillis(500))
                            .retrying(new RetryPolicy(20, Duration.ofMillis(50))))
            .step(
                    "find",
                    s -> s.sends(data -> Dispatch.one(Topics.SNAPSHOT_COMMANDS, FIND))
                            .on(MembersFound.class, (data, reply) -> data.noting("find"))
                            .within(PATIENCE)
                            .retrying(new RetryPolicy(4, Duration.ofMillis(50))))
            .step(
                    "reserve",
                    s -> s.sends(data -> data.nodes().stream()
                                    .map(node -> new Dispatch(
                                            node,
                                            Topics.SNAPSHOT_COMMANDS,
                                            new ReserveSpace(node, data.id(), List.of(), false)))
                                    .toList())
                            .on(SpaceReserved.class, (data, reply) -> data.noting("reserve " + reply.node()))
                            .within(PATIENCE)
                            .undoneBy(
                                    "discard",
                                    u -> u.sends(data -> data.nodes().stream()
                                                    .map(node -> new Dispatch(
                                                            node,
                                                            Topics.SNAPSHOT_COMMANDS,
                                                            new DiscardImages(node, data.id())))
                                                    .toList())
                                            .within(PATIENCE)
                                            .on(
                                                    ImagesDiscarded.class,
                                                    (data, reply) -> data.noting("discard " + reply.node()))))
            .step(
                    "resume",
                    s -> s.sends(data -> Dispatch.one(Topics.SNAPSHOT_COMMANDS, new ResumeWorkload(data.id(), false)))
                            .within(PATIENCE)
                            .on(WorkloadResumed.class, (data, reply) -> data.noting("resume")))
            .completesWith(data -> new SnapshotDeleted(data.id()));

    static Rehearsal of(UUID id, String... nodes) {
        return new Rehearsal(id.toString(), false, List.of(nodes), List.of());
    }

    /** With a first step whose deadline is short. */
    static Rehearsal hurried(UUID id) {
        return new Rehearsal(id.toString(), true, List.of(), List.of());
    }

    private Rehearsal noting(String note) {
        List<String> longer = new ArrayList<>(notes);
        longer.add(note);
        return new Rehearsal(id, hurried, nodes, List.copyOf(longer));
    }
}
