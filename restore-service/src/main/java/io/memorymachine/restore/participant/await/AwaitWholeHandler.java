package io.memorymachine.restore.participant.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.restore.RestoreCommand.AwaitWhole;
import io.memorymachine.contract.restore.RestoreReply.WorkloadWhole;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.profile.Profiles;
import io.memorymachine.profile.QuiesceProfile;
import io.memorymachine.restore.runtime.RestoreConfig;

/**
 * Waits until the cluster is whole and safe with all its members and puts it into the state that it had before it was
 * quiesced for the snapshot. Repeating it on a cluster that is whole changes nothing.
 *
 * <p>A member that has died or was replaced meanwhile never comes back to this cluster, which is passive as long as it is
 * waited for: so the waiting ends as soon as the platform tells that one is gone.
 *
 * <p>The command comes right after the release; where it comes again, the members settle once more, which costs time only.
 */
@ApplicationScoped
public class AwaitWholeHandler extends BlockingCommandHandler<AwaitWhole> {
    /** How often the platform is asked for the members. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Profiles profiles;
    private final WorkloadPlatform platform;
    private final Duration timeout;
    private final Clock clock;

    @Inject
    AwaitWholeHandler(Profiles profiles, WorkloadPlatform platform, RestoreConfig config, Clock clock) {
        this.profiles = profiles;
        this.platform = platform;
        this.timeout = config.wholeTimeout();
        this.clock = clock;
    }

    @Override
    public Class<AwaitWhole> commandType() {
        return AwaitWhole.class;
    }

    @Override
    protected Outcome handleBlocking(AwaitWhole command, CommandContext context) {
        String state = awaitWhole(command);
        return Outcome.reply(
                new WorkloadWhole(command.operation(), state, command.members().size(), clock.instant()));
    }

    private String awaitWhole(AwaitWhole command) {
        QuiesceProfile profile = profiles.find(command.profile().name());
        long giveUp = System.nanoTime() + timeout.toNanos();
        Duration settling = settling(profile, command);
        while (true) {
            Duration left = Duration.ofNanos(giveUp - System.nanoTime());
            Duration slice = settling.plus(LOOK_EVERY);
            boolean last = left.compareTo(slice) <= 0;
            try {
                return profile.awaitWhole(command.members(), command.clusterState(), settling, last ? left : slice);
            } catch (OperationFailedException notYet) {
                if (notYet.reason() != FailureReason.NOT_WHOLE_AGAIN) {
                    throw notYet;
                }
                requireAllLive(command);
                if (last) {
                    throw new OperationFailedException(
                            FailureReason.NOT_WHOLE_AGAIN,
                            "After " + timeout + " still: " + notYet.getMessage(),
                            notYet);
                }
                settling = Duration.ZERO;
            }
        }
    }

    /** A snapshot whose age nobody has noted is taken for an old one. */
    private Duration settling(QuiesceProfile profile, AwaitWhole command) {
        Instant frozenAt = command.frozenAt() == null ? Instant.EPOCH : command.frozenAt();
        return profile.settling(command.members().size(), Duration.between(frozenAt, clock.instant()));
    }

    private void requireAllLive(AwaitWhole command) {
        List<String> living = platform.find(command.workload()).members().stream()
                .map(MemberPlacement::incarnation)
                .toList();
        for (MemberPlacement member : command.members()) {
            if (!living.contains(member.incarnation())) {
                throw new OperationFailedException(
                        FailureReason.MEMBER_DOWN,
                        member.member() + " ended after it was restored and before the cluster was whole");
            }
        }
    }
}
