package io.memorymachine.pmem.participant.guard;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.profile.Profiles;
import io.memorymachine.profile.QuiesceProfile;

/**
 * Keeps the promises of this node: an application whose guard is due is brought back to its state. It needs the volume and
 * the members, no broker and no database.
 *
 * <p>An application is brought back twice, the second time {@link #AGAIN} later: whoever was about to bring it to rest when
 * the time ran out may have succeeded after the first time. Where that fails it is tried again at the next poll, until no
 * member of the node is what it was: what has died or was replaced cannot be at rest.
 */
@ApplicationScoped
public class GuardWatch {
    private static final Logger LOG = Logger.getLogger(GuardWatch.class);

    /** Longer than an attempt to bring an application to rest can take. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Set<FailureReason> GONE = Set.of(FailureReason.MEMBER_DOWN, FailureReason.MEMBER_CHANGED);

    private final QuiesceGuards guards;
    private final Profiles profiles;
    private final NodePlatform platform;
    private final MeterRegistry meters;
    private final Clock clock;

    @Inject
    GuardWatch(QuiesceGuards guards, Profiles profiles, NodePlatform platform, MeterRegistry meters, Clock clock) {
        this.guards = guards;
        this.profiles = profiles;
        this.platform = platform;
        this.meters = meters;
        this.clock = clock;
    }

    @Scheduled(
            every = "${mm.pmem.guard-poll-interval:1s}",
            identity = "quiesce-guards",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> poll() {
        return VertxContextSupport.executeBlocking(() -> {
                    for (KeptGuard guard : guards.all()) {
                        if (!guard.due().isAfter(clock.instant())) {
                            keep(guard);
                        }
                    }
                    return null;
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.errorf(failure, "The quiesce guards could not be looked at, tried again at the next poll");
                    return null;
                })
                .replaceWithVoid();
    }

    private void keep(KeptGuard guard) throws IOException {
        try {
            bringBack(guard);
        } catch (OperationFailedException failed) {
            if (isGone(guard)) {
                LOG.infof("operation=%s: none of its members lives here any more, its guard ends", guard.operation());
                guards.disarm(guard.operation());
            } else {
                LOG.errorf(
                        "operation=%s: the application could not be brought back to its state, tried again: %s",
                        guard.operation(), failed.getMessage());
            }
            return;
        }
        if (guard.last()) {
            guards.disarm(guard.operation());
            return;
        }
        LOG.warnf(
                "operation=%s: nobody has said in time that %s is in its state again; it was asked to be",
                guard.operation(), guard.workload());
        meters.counter("mm.quiesce.guards.due").increment();
        guards.replace(guard.lastAt(clock.instant().plus(AGAIN)));
    }

    private void bringBack(KeptGuard guard) {
        QuiesceProfile profile = profiles.find(guard.guard().profile().name());
        List<MemberPlacement> members = current(guard);
        if (guard.onceWhole()) {
            profile.awaitWhole(members, guard.guard().clusterState(), Duration.ZERO, TIMEOUT);
        } else {
            profile.resume(members, guard.guard().clusterState(), TIMEOUT);
        }
    }

    /** A member of this node that was replaced has another address by now. */
    private List<MemberPlacement> current(KeptGuard guard) {
        Map<MemberRef, MemberPlacement> here =
                platform.members().stream().collect(Collectors.toMap(MemberPlacement::member, Function.identity()));
        return guard.guard().members().stream()
                .map(noted -> here.getOrDefault(noted.member(), noted))
                .toList();
    }

    private boolean isGone(KeptGuard guard) {
        return guard.guard().members().stream()
                .filter(member -> member.node().equals(platform.node()))
                .noneMatch(this::lives);
    }

    private boolean lives(MemberPlacement member) {
        try {
            platform.initPid(member);
            return true;
        } catch (OperationFailedException failed) {
            if (GONE.contains(failed.reason())) {
                return false;
            }
            throw failed;
        }
    }
}
