package io.memorymachine.restore.participant.find;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.FindTargets;
import io.memorymachine.contract.restore.RestoreReply.TargetsFound;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

/**
 * Finds the members that a restore will replace. Dead members are no obstacle, since bringing them back is what a restore
 * is for: what counts is how many the workload is meant to have. Changes nothing.
 */
@ApplicationScoped
public class FindTargetsHandler extends BlockingCommandHandler<FindTargets> {
    private final WorkloadPlatform platform;

    @Inject
    FindTargetsHandler(WorkloadPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Class<FindTargets> commandType() {
        return FindTargets.class;
    }

    @Override
    protected Outcome handleBlocking(FindTargets command, CommandContext context) {
        Workload workload = platform.find(command.workload());
        if (workload.replicas() != command.members()) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_COUNT_MISMATCH,
                    command.workload() + " has " + workload.replicas() + " members, the snapshot has "
                            + command.members());
        }
        return Outcome.reply(new TargetsFound(workload.members()));
    }
}
