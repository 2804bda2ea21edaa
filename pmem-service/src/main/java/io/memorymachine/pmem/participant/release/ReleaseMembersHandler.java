package io.memorymachine.pmem.participant.release;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.materialize.Materializer;

/** Lets all materialized members of the node run. */
@ApplicationScoped
public class ReleaseMembersHandler extends BlockingCommandHandler<ReleaseMembers> {
    private final NodeMembers members;
    private final Materializer materializer;
    private final Clock clock;

    @Inject
    ReleaseMembersHandler(NodeMembers members, Materializer materializer, Clock clock) {
        this.members = members;
        this.materializer = materializer;
        this.clock = clock;
    }

    @Override
    public Class<ReleaseMembers> commandType() {
        return ReleaseMembers.class;
    }

    @Override
    protected Outcome handleBlocking(ReleaseMembers command, CommandContext context) {
        materializer.release(command.members().stream().map(members::initPid).toList());
        return Outcome.reply(new MembersReleased(command.node(), command.operation(), clock.instant()));
    }
}
