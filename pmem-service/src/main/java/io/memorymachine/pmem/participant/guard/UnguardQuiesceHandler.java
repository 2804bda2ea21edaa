package io.memorymachine.pmem.participant.guard;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.UnguardQuiesce;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.OperationIds;

/** Forgets a guard: the application is in its state. */
@ApplicationScoped
public class UnguardQuiesceHandler extends BlockingCommandHandler<UnguardQuiesce> {
    private final QuiesceGuards guards;

    @Inject
    UnguardQuiesceHandler(QuiesceGuards guards) {
        this.guards = guards;
    }

    @Override
    public Class<UnguardQuiesce> commandType() {
        return UnguardQuiesce.class;
    }

    @Override
    protected Outcome handleBlocking(UnguardQuiesce command, CommandContext context) {
        guards.disarm(OperationIds.require(command.operation()));
        return Outcome.reply(new QuiesceUnguarded(command.node(), command.operation()));
    }
}
