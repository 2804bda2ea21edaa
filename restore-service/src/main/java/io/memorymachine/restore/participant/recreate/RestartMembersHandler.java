package io.memorymachine.restore.participant.recreate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.RestartMembers;
import io.memorymachine.contract.restore.RestoreReply.MembersRecreated;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Recreated;

/**
 * Starts the members afresh, as many as the workload is meant to have now: the last resort, which asks for nothing that
 * could stand in its way.
 */
@ApplicationScoped
public class RestartMembersHandler extends BlockingCommandHandler<RestartMembers> {
    private final WorkloadPlatform platform;

    @Inject
    RestartMembersHandler(WorkloadPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Class<RestartMembers> commandType() {
        return RestartMembers.class;
    }

    @Override
    protected Outcome handleBlocking(RestartMembers command, CommandContext context) {
        Recreated restarted = platform.recreate(command.workload(), command.operation(), MemberStart.APPLICATION);
        return Outcome.reply(new MembersRecreated(command.operation(), restarted.members(), restarted.destroyedAt()));
    }
}
