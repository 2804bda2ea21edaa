package io.memorymachine.pmem.participant.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.guard.QuiesceGuards;
import io.memorymachine.pmem.participant.materialize.Materializer;

/** Lets all materialized members of the node run. */
@ApplicationScoped
public class ReleaseMembersHandler extends BlockingCommandHandler<ReleaseMembers> {
    private final NodeMembers members;
    private final Materializer materializer;
    private final QuiesceGuards guards;
    private final Clock clock;

    @Inject
    ReleaseMembersHandler(NodeMembers members, Materializer materializer, QuiesceGuards guards, Clock clock) {
        this.members = members;
        this.materializer = materializer;
        this.guards = guards;
        this.clock = clock;
    }

    @Override
    public Class<ReleaseMembers> commandType() {
        return ReleaseMembers.class;
    }

    @Override
    protected Outcome handleBlocking(ReleaseMembers command, CommandContext context) {
        if (command.guard() != null) {
            guard(command);
        }
        materializer.release(command.members().stream().map(members::initPid).toList());
        return Outcome.reply(new MembersReleased(command.node(), command.operation(), clock.instant()));
    }

    /** Before they run: they wake up at rest, and whoever brings them back may die. */
    private void guard(ReleaseMembers command) {
        try {
            guards.arm(command.operation(), command.guard(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("the guard of " + command.operation() + " cannot be kept", e);
        }
    }
}
