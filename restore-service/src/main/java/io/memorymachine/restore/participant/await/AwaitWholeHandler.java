package io.memorymachine.restore.participant.await;

import java.time.Clock;
import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.AwaitWhole;
import io.memorymachine.contract.restore.RestoreReply.WorkloadWhole;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.profile.Profiles;
import io.memorymachine.restore.runtime.RestoreConfig;

/**
 * Waits until the cluster is whole and safe with all its members and puts it into the state that it had before it was
 * quiesced for the snapshot. Repeating it on a cluster that is whole changes nothing.
 */
@ApplicationScoped
public class AwaitWholeHandler extends BlockingCommandHandler<AwaitWhole> {
    private final Profiles profiles;
    private final Duration timeout;
    private final Clock clock;

    @Inject
    AwaitWholeHandler(Profiles profiles, RestoreConfig config, Clock clock) {
        this.profiles = profiles;
        this.timeout = config.wholeTimeout();
        this.clock = clock;
    }

    @Override
    public Class<AwaitWhole> commandType() {
        return AwaitWhole.class;
    }

    @Override
    protected Outcome handleBlocking(AwaitWhole command, CommandContext context) {
        String state =
                profiles.find(command.profile().name()).awaitWhole(command.members(), command.clusterState(), timeout);
        return Outcome.reply(
                new WorkloadWhole(command.operation(), state, command.members().size(), clock.instant()));
    }
}
