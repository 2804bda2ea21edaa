package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemCommand.UnguardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.restore.RestoreCommand.AwaitWhole;
import io.memorymachine.contract.restore.RestoreCommand.FindTargets;
import io.memorymachine.contract.restore.RestoreCommand.RecreateMembers;
import io.memorymachine.contract.restore.RestoreCommand.ResolveNames;
import io.memorymachine.contract.restore.RestoreReply.MembersRecreated;
import io.memorymachine.contract.restore.RestoreReply.NamesResolved;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.contract.restore.RestoreReply.TargetsFound;
import io.memorymachine.contract.restore.RestoreReply.WorkloadWhole;
import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotHeld;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotTaken;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;

/**
 * Brings a workload back from a snapshot.
 *
 * <p>Up to and including {@code safety-snapshot} nothing is touched. From {@code recreate} on the old members are gone: a
 * failure then puts the safety snapshot back, and where there is none, or that fails too, starts the members afresh: no
 * member is ever left a placeholder.
 */
public final class RestoreSaga {
    /** The persisted type. */
    public static final String TYPE = "restore";

    /** The step after which the old members are gone. */
    static final String RECREATE = "recreate";

    /** The step after which the new members run. */
    static final String RELEASE = "release";

    private static final Duration LICENSE_LEASE = Duration.ofHours(1);
    static final Duration LONG = Duration.ofMinutes(10);
    static final Duration RECREATION = Duration.ofMinutes(2);
    /** A placeholder that was half filled cannot be filled again. */
    static final RetryPolicy ONCE = RetryPolicy.NONE;
    /** Also for steps that only wait: a deadline that passed while nobody was there to wait is no verdict. */
    static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ofSeconds(1));

    static final RetryPolicy UNTIL_DONE = new RetryPolicy(20, Duration.ofSeconds(1));

    private RestoreSaga() {}

    /** The definition. */
    public static SagaDefinition<RestoreData> definition() {
        return SagaDefinition.of(TYPE, RestoreData.class, Topics.RESTORE_REPLIES)
                .step("hold-snapshot", step -> hold(step, UNTIL_DONE))
                .step("find-targets", RestoreSaga::findTargets)
                .step("authorize", RestoreSaga::authorize)
                .step("verify", RestoreSaga::verify)
                .step(
                        "safety-snapshot",
                        step -> step.when(RestoreData::safetyWanted)
                                .sends(d -> Dispatch.one(
                                        Topics.SNAPSHOT_COMMANDS,
                                        new RequestSnapshot(
                                                safetyName(d),
                                                d.manifest().workload(),
                                                d.manifest().profile(),
                                                d.manifest().encrypted(),
                                                d.restoreId())))
                                .on(SnapshotTaken.class, (d, taken) -> d.withSafety(taken.manifest()))
                                .within(LONG)
                                .retrying(TWICE)
                                .undoneBy(
                                        "discard-safety-snapshot",
                                        undo -> undo.when(RestoreSaga::safetyIsDispensable)
                                                .sends(d -> List.of(discardSafety(d)))
                                                .on(SnapshotDeleted.class)
                                                .within(Duration.ofMinutes(2))))
                .step(RECREATE, RestoreSaga::recreate)
                .step(
                        "materialize",
                        step -> step.sends(d -> eachNode(
                                        d.newMembers(),
                                        (node, members) -> new MaterializeMembers(
                                                node,
                                                d.restoreId(),
                                                d.manifest().snapshotId(),
                                                members)))
                                .on(MembersMaterialized.class, (d, done) -> d.addMaterialized(done.members()))
                                .within(RECREATION)
                                .retrying(ONCE)
                                .undoneBy(
                                        "abandon",
                                        undo -> undo.sends(d -> eachNode(
                                                        d.newMembers(),
                                                        (node, members) ->
                                                                new AbandonOperation(node, d.restoreId(), members)))
                                                .on(OperationAbandoned.class)
                                                .within(Duration.ofSeconds(30))))
                .step(
                        "resolve-names",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        new ResolveNames(
                                                d.restoreId(), d.manifest().workload(), d.newMembers())))
                                .on(NamesResolved.class)
                                .within(Duration.ofSeconds(60))
                                .retrying(TWICE))
                .step(
                        RELEASE,
                        step -> step.sends(d -> eachNode(
                                        d.newMembers(),
                                        (node, members) -> new ReleaseMembers(
                                                node, d.restoreId(), members, guard(d.manifest(), d.newMembers()))))
                                .on(MembersReleased.class, (d, released) -> d.released(released.releasedAt()))
                                .pointOfNoReturn())
                .step(
                        "await-whole",
                        step -> step.sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        awaitWhole(d, d.restoreId(), d.manifest(), d.newMembers())))
                                .on(WorkloadWhole.class, (d, whole) -> d.withActiveAt(whole.at()))
                                .within(Duration.ofSeconds(90))
                                .retrying(TWICE))
                // The cluster is back: what cannot be tidied up now is no reason to take it away again.
                .step(
                        "tidy-up",
                        step -> step.sends(RestoreSaga::tidyUp)
                                .on(SnapshotDeleted.class)
                                .on(Released.class)
                                .on(SnapshotUnheld.class)
                                .on(QuiesceUnguarded.class)
                                .within(Duration.ofSeconds(30))
                                .retrying(UNTIL_DONE)
                                .bestEffort())
                .completesWith(d -> new RestoreDone(d.restoreId(), d.name()));
    }

    private static Step.Builder<RestoreData> recreate(Step.Builder<RestoreData> step) {
        return RestoreRollback.of(step.sends(d -> Dispatch.one(
                        Topics.RESTORE_COMMANDS,
                        new RecreateMembers(
                                d.restoreId(),
                                d.manifest().workload(),
                                d.manifest().members().size(),
                                RestoreData.nodes(d.manifest()))))
                .on(MembersRecreated.class, (d, recreated) -> d.recreated(recreated.members(), recreated.destroyedAt()))
                .within(RECREATION)
                .retrying(TWICE));
    }

    /** @param unhold how long the snapshot's service is told that the hold is given up */
    static Step.Builder<RestoreData> hold(Step.Builder<RestoreData> step, RetryPolicy unhold) {
        return step.sends(d ->
                        Dispatch.one(Topics.SNAPSHOT_COMMANDS, new HoldSnapshot(d.snapshot(), d.restoreId(), d.name())))
                .on(SnapshotHeld.class, (d, held) -> d.withManifest(held.manifest()))
                .undoneBy(
                        "unhold-snapshot",
                        undo -> undo.sends(d -> List.of(unhold(d)))
                                .on(SnapshotUnheld.class)
                                .retrying(unhold));
    }

    static Step.Builder<RestoreData> findTargets(Step.Builder<RestoreData> step) {
        return step.sends(d -> Dispatch.one(
                        Topics.RESTORE_COMMANDS,
                        new FindTargets(
                                d.manifest().workload(),
                                d.manifest().members().size(),
                                d.manifest().images())))
                .on(TargetsFound.class, (d, found) -> d.withOldMembers(found.members()));
    }

    static Step.Builder<RestoreData> authorize(Step.Builder<RestoreData> step) {
        return step.sends(d -> Dispatch.one(
                        Topics.LICENSE_COMMANDS,
                        new AuthorizeOperation(
                                d.restoreId(),
                                "restore",
                                List.copyOf(d.imagesByNode().keySet()),
                                0,
                                LICENSE_LEASE)))
                .on(Authorized.class)
                .undoneBy(
                        "return-license",
                        undo -> undo.sends(d -> List.of(returnLicense(d))).on(Released.class));
    }

    static Step.Builder<RestoreData> verify(Step.Builder<RestoreData> step) {
        return step.sends(d -> d.imagesByNode().entrySet().stream()
                        .map(node -> new Dispatch(
                                node.getKey(),
                                Topics.PMEM_COMMANDS,
                                new VerifyImages(
                                        node.getKey(), d.manifest().snapshotId(), node.getValue(), d.oldMembers())))
                        .toList())
                .on(ImagesVerified.class)
                .within(LONG)
                .retrying(TWICE);
    }

    private static List<Dispatch> tidyUp(RestoreData d) {
        List<Dispatch> commands = new ArrayList<>();
        if (d.safety() != null) {
            commands.add(discardSafety(d));
        }
        commands.add(returnLicense(d));
        commands.add(unhold(d));
        commands.addAll(unguard(d.restoreId(), d.manifest(), d.newMembers()));
        return commands;
    }

    /** The members were captured at rest and wake up so: their nodes make sure that they do not stay it. */
    static QuiesceGuard guard(SnapshotManifest from, Collection<MemberPlacement> members) {
        return from.profile().pause()
                ? new QuiesceGuard(from.profile(), from.clusterState(), List.copyOf(members))
                : null;
    }

    static List<Dispatch> unguard(String operation, SnapshotManifest from, Collection<MemberPlacement> members) {
        if (guard(from, members) == null) {
            return List.of();
        }
        return RestoreData.byNode(members).keySet().stream()
                .map(node ->
                        new Dispatch("guard on " + node, Topics.PMEM_COMMANDS, new UnguardQuiesce(node, operation)))
                .toList();
    }

    static AwaitWhole awaitWhole(
            RestoreData d, String operation, SnapshotManifest from, Collection<MemberPlacement> members) {
        return new AwaitWhole(
                operation, from.workload(), from.profile(), from.clusterState(), from.frozenAt(), List.copyOf(members));
    }

    /** A safety snapshot that could not be put back is kept: it holds the only copy of what ran before. */
    private static boolean safetyIsDispensable(RestoreData d) {
        return !d.rollbackFailed();
    }

    private static Dispatch discardSafety(RestoreData d) {
        return new Dispatch("safety", Topics.SNAPSHOT_COMMANDS, new DeleteSnapshot(safetyName(d), d.restoreId()));
    }

    static Dispatch returnLicense(RestoreData d) {
        return new Dispatch("license", Topics.LICENSE_COMMANDS, new ReleaseAuthorization(d.restoreId()));
    }

    static Dispatch unhold(RestoreData d) {
        return new Dispatch("hold", Topics.SNAPSHOT_COMMANDS, new UnholdSnapshot(d.restoreId()));
    }

    private static String safetyName(RestoreData d) {
        return "safety-" + d.restoreId();
    }

    static List<Dispatch> eachNode(
            Collection<MemberPlacement> members, BiFunction<String, List<MemberPlacement>, Command> command) {
        return RestoreData.byNode(members).entrySet().stream()
                .map(node -> new Dispatch(
                        node.getKey(), Topics.PMEM_COMMANDS, command.apply(node.getKey(), node.getValue())))
                .toList();
    }
}
