package io.memorymachine.restore.orchestrate;

import java.time.Duration;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.contract.restore.RestoreCommand.RecreateMembers;
import io.memorymachine.contract.restore.RestoreCommand.ResolveNames;
import io.memorymachine.contract.restore.RestoreCommand.RestartMembers;
import io.memorymachine.contract.restore.RestoreReply.MembersRecreated;
import io.memorymachine.contract.restore.RestoreReply.NamesResolved;
import io.memorymachine.contract.restore.RestoreReply.WorkloadWhole;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.Step;

/**
 * What undoes the destruction of the old members: the safety snapshot is put back the way a snapshot is restored, and where
 * there is none, or one of its steps fails for good, the members are started afresh. A step that fails is noted in the data,
 * so that those behind it are left out.
 */
final class RestoreRollback {
    private RestoreRollback() {}

    /** Adds the compensations to the step that destroys the members. */
    static Step.Builder<RestoreData> of(Step.Builder<RestoreData> recreate) {
        return recreate.undoneBy(
                        "rollback-recreate",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        new RecreateMembers(
                                                d.rollbackOperation(),
                                                d.safety().workload(),
                                                d.safety().members().size(),
                                                RestoreData.nodes(d.safety()))))
                                .on(
                                        MembersRecreated.class,
                                        (d, recreated) -> d.withRollbackMembers(recreated.members()))
                                .within(RestoreSaga.RECREATION)
                                .onFailure((d, failure) -> d.withRollbackFailed(true)))
                .undoneBy(
                        "rollback-materialize",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> RestoreSaga.eachNode(
                                        d.rollbackMembers(),
                                        (node, members) -> new MaterializeMembers(
                                                node,
                                                d.rollbackOperation(),
                                                d.safety().snapshotId(),
                                                members)))
                                .on(MembersMaterialized.class)
                                .within(RestoreSaga.RECREATION)
                                .retrying(RestoreSaga.ONCE)
                                .onFailure((d, failure) -> d.withRollbackFailed(true)))
                .undoneBy(
                        "rollback-resolve-names",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        new ResolveNames(
                                                d.rollbackOperation(),
                                                d.safety().workload(),
                                                d.rollbackMembers())))
                                .on(NamesResolved.class)
                                .within(Duration.ofSeconds(60))
                                .onFailure((d, failure) -> d.withRollbackFailed(true)))
                .undoneBy(
                        "rollback-release",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> RestoreSaga.eachNode(
                                        d.rollbackMembers(),
                                        (node, members) -> new ReleaseMembers(
                                                node,
                                                d.rollbackOperation(),
                                                members,
                                                RestoreSaga.guard(d.safety(), d.rollbackMembers()))))
                                .on(MembersReleased.class)
                                .onFailure((d, failure) -> d.withRollbackFailed(true)))
                .undoneBy(
                        "rollback-await-whole",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        RestoreSaga.awaitWhole(
                                                d, d.rollbackOperation(), d.safety(), d.rollbackMembers())))
                                .on(WorkloadWhole.class)
                                .within(Duration.ofSeconds(90))
                                .retrying(RestoreSaga.TWICE)
                                .rollsBack()
                                .onFailure((d, failure) -> d.withRollbackFailed(true)))
                .undoneBy(
                        "rollback-unguard",
                        undo -> undo.when(RestoreData::canRollBack)
                                .sends(d -> RestoreSaga.unguard(d.rollbackOperation(), d.safety(), d.rollbackMembers()))
                                .on(QuiesceUnguarded.class))
                .undoneBy(
                        "restart-members",
                        undo -> undo.when(d -> !d.canRollBack())
                                .sends(d -> Dispatch.one(
                                        Topics.RESTORE_COMMANDS,
                                        new RestartMembers(
                                                d.restartOperation(),
                                                d.manifest().workload(),
                                                d.manifest().members().size())))
                                .on(MembersRecreated.class)
                                .within(RestoreSaga.RECREATION)
                                .retrying(RestoreSaga.UNTIL_DONE));
    }
}
