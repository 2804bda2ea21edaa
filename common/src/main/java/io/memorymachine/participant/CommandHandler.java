package io.memorymachine.participant;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.envelope.Command;

/**
 * Executes one type of command. One CDI bean for each; {@link CommandDispatcher} finds them.
 *
 * <p>A handler is called at least once for each command and must be idempotent by {@link CommandContext#commandKey()}: a
 * crash after its effects and before the reply was recorded makes it run again. A refusal is an
 * {@link io.memorymachine.failure.OperationFailedException}, which becomes a {@code CommandFailed} reply.
 */
public interface CommandHandler<C extends Command> {
    /** The type of command that this handler executes. */
    Class<C> commandType();

    /** Executes the command outside any transaction. Never emits null. */
    Uni<Outcome> handle(C command, CommandContext context);
}
