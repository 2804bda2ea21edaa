package io.memorymachine.snapshot.participant.members;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.Workload;
import io.memorymachine.profile.Profiles;

/** Finds the members, all of them up, and where the application is to be quiesced, whole and safe. Changes nothing. */
@ApplicationScoped
public class FindMembersHandler extends BlockingCommandHandler<FindMembers> {
    private static final Duration CHECK = Duration.ofSeconds(8);

    private final SnapshotTargets targets;
    private final Profiles profiles;

    @Inject
    FindMembersHandler(SnapshotTargets targets, Profiles profiles) {
        this.targets = targets;
        this.profiles = profiles;
    }

    @Override
    public Class<FindMembers> commandType() {
        return FindMembers.class;
    }

    @Override
    protected Outcome handleBlocking(FindMembers command, CommandContext context) {
        Workload workload = targets.complete(command.workload());
        String state = command.profile().pause()
                ? profiles.find(command.profile().name()).check(workload.members(), CHECK)
                : null;
        return Outcome.reply(new MembersFound(
                workload.members(), workload.heapBytes() * workload.members().size(), state));
    }
}
