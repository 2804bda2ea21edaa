package io.memorymachine.pmem.participant.guard;

import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.GuardQuiesce;
import io.memorymachine.contract.pmem.PmemReply.QuiesceGuarded;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;

/** Promises to bring an application back. If it dies before the reply, a repetition promises it anew, from then on. */
@ApplicationScoped
public class GuardQuiesceHandler extends BlockingCommandHandler<GuardQuiesce> {
    private final QuiesceGuards guards;

    @Inject
    GuardQuiesceHandler(QuiesceGuards guards) {
        this.guards = guards;
    }

    @Override
    public Class<GuardQuiesce> commandType() {
        return GuardQuiesce.class;
    }

    @Override
    protected Outcome handleBlocking(GuardQuiesce command, CommandContext context) {
        try {
            return Outcome.reply(new QuiesceGuarded(
                    command.node(), command.snapshotId(), guards.arm(command.snapshotId(), command.guard(), false)));
        } catch (IOException e) {
            throw new UncheckedIOException("the guard of " + command.snapshotId() + " cannot be kept", e);
        }
    }
}
