package io.memorymachine.restore.participant.resolve;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.ResolveNames;
import io.memorymachine.contract.restore.RestoreReply.NamesResolved;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.restore.runtime.RestoreConfig;

/** Waits until each member's name resolves to its new address in each member. Changes nothing. */
@ApplicationScoped
public class ResolveNamesHandler extends BlockingCommandHandler<ResolveNames> {
    /** Nobody tells when a resolver inside a member has learnt a name: it has to be asked. */
    private static final Duration ASK_EVERY = Duration.ofMillis(50);

    private final WorkloadPlatform platform;
    private final Duration timeout;
    private final Clock clock;

    @Inject
    ResolveNamesHandler(WorkloadPlatform platform, RestoreConfig config, Clock clock) {
        this.platform = platform;
        this.timeout = config.namesTimeout();
        this.clock = clock;
    }

    @Override
    public Class<ResolveNames> commandType() {
        return ResolveNames.class;
    }

    @Override
    protected Outcome handleBlocking(ResolveNames command, CommandContext context) {
        long giveUp = System.nanoTime() + timeout.toNanos();
        List<String> unresolved = platform.unresolvedNames(command.workload(), command.members());
        while (!unresolved.isEmpty()) {
            if (System.nanoTime() - giveUp > 0) {
                throw new OperationFailedException(
                        FailureReason.NAMES_UNRESOLVED,
                        "After " + timeout + " still: " + String.join("; ", unresolved));
            }
            pause();
            unresolved = platform.unresolvedNames(command.workload(), command.members());
        }
        return Outcome.reply(new NamesResolved(command.operation(), clock.instant()));
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OperationFailedException.transientFailure(
                    FailureReason.UNAVAILABLE, "Interrupted: the service is shutting down", e);
        }
    }
}
