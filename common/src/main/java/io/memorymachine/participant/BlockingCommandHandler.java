package io.memorymachine.participant;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.envelope.Command;

/** A handler whose work blocks a thread (the kernel, CRIU, a child process); it runs on a worker thread. */
public abstract class BlockingCommandHandler<C extends Command> implements CommandHandler<C> {
    @Override
    public final Uni<Outcome> handle(C command, CommandContext context) {
        return VertxContextSupport.executeBlocking(() -> handleBlocking(command, context));
    }

    /** As {@link #handle}, on a worker thread. */
    protected abstract Outcome handleBlocking(C command, CommandContext context);
}
