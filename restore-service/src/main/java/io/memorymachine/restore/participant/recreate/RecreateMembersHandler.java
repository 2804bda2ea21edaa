package io.memorymachine.restore.participant.recreate;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.RecreateMembers;
import io.memorymachine.contract.restore.RestoreReply.MembersRecreated;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Recreated;

/**
 * Destroys the members and lets them come back as placeholders. If the service dies half-way, some members may be
 * missing; the command comes again and finishes the work, since the platform knows what the operation has done.
 */
@ApplicationScoped
public class RecreateMembersHandler extends BlockingCommandHandler<RecreateMembers> {
    private final WorkloadPlatform platform;

    @Inject
    RecreateMembersHandler(WorkloadPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Class<RecreateMembers> commandType() {
        return RecreateMembers.class;
    }

    @Override
    protected Outcome handleBlocking(RecreateMembers command, CommandContext context) {
        Map<Integer, String> nodes = IntStream.range(0, command.nodes().size())
                .boxed()
                .collect(Collectors.toMap(Function.identity(), command.nodes()::get));
        Recreated recreated =
                platform.recreate(command.workload(), command.operation(), MemberStart.PLACEHOLDER, nodes);
        if (recreated.members().size() != command.members()) {
            throw new OperationFailedException(
                    FailureReason.RECREATE_FAILED,
                    command.workload() + " came back with "
                            + recreated.members().size() + " members instead of " + command.members()
                            + ": was it scaled meanwhile?");
        }
        return Outcome.reply(new MembersRecreated(command.operation(), recreated.members(), recreated.destroyedAt()));
    }
}
