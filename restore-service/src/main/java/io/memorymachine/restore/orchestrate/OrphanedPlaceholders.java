package io.memorymachine.restore.orchestrate;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.WorkloadPlatform.Placeholder;
import io.memorymachine.restore.store.Restores;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.state.SagaPhase;

/**
 * Starts the application of members that a restore left waiting: one that gave up, or one that this service's database has
 * lost.
 *
 * <p>A restore's row is committed before it recreates anything, and placeholders are looked for before the rows are: a
 * placeholder of no running restore has nobody who will fill it. A workload on which a restore runs is left to that. A member
 * that is filled or replaced meanwhile is left alone by the platform.
 */
@ApplicationScoped
public class OrphanedPlaceholders {
    private static final Logger LOG = Logger.getLogger(OrphanedPlaceholders.class);

    /** A restore's id, with or without the suffix of its rollback or restart. */
    private static final Pattern OPERATION =
            Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-[a-z]+)?");

    private final WorkloadPlatform platform;
    private final Mutiny.SessionFactory sessions;
    private final Restores restores;
    private final SagaEngine engine;
    private final MeterRegistry meters;

    private volatile boolean stopping;

    @Inject
    OrphanedPlaceholders(
            WorkloadPlatform platform,
            Mutiny.SessionFactory sessions,
            Restores restores,
            SagaEngine engine,
            MeterRegistry meters) {
        this.platform = platform;
        this.sessions = sessions;
        this.restores = restores;
        this.engine = engine;
        this.meters = meters;
    }

    void onStop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    /** Looks for them and starts them; what cannot be started now is tried again at the next poll. Never fails. */
    @Scheduled(
            every = "${mm.placeholders.poll-interval:30s}",
            identity = "orphaned-placeholders",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> start() {
        return VertxContextSupport.executeBlocking(platform::placeholders)
                .map(all -> all.stream()
                        .collect(Collectors.groupingBy(
                                placeholder -> placeholder.member().member().workload())))
                .chain(found -> Multi.createFrom()
                        .iterable(found.entrySet())
                        .onItem()
                        .transformToUniAndConcatenate(workload -> start(workload.getKey(), workload.getValue()))
                        .collect()
                        .last())
                .onFailure()
                .recoverWithItem(failure -> {
                    // The pool closes before the scheduler ends, which is no news.
                    if (!stopping) {
                        LOG.warnf("Placeholders could not be looked for, tried again at the next poll: %s", failure);
                    }
                    return null;
                })
                .replaceWithVoid();
    }

    private Uni<Void> start(WorkloadRef workload, List<Placeholder> found) {
        return orphaned(workload, found)
                .chain(members -> members.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : VertxContextSupport.executeBlocking(() -> {
                            startAfresh(workload, members);
                            return null;
                        }))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.errorf("%s: placeholders are left over, tried again at the next poll: %s", workload, failure);
                    return null;
                })
                .replaceWithVoid();
    }

    private void startAfresh(WorkloadRef workload, List<MemberPlacement> members) {
        LOG.warnf(
                "%s: no restore will fill these placeholders, their application is started: %s",
                workload, members.stream().map(member -> member.member().pod()).toList());
        platform.startAfresh(workload, members, "orphaned-" + UUID.randomUUID());
        meters.counter("mm.placeholders.started").increment(members.size());
    }

    private Uni<List<MemberPlacement>> orphaned(WorkloadRef workload, List<Placeholder> found) {
        List<UUID> ids = found.stream()
                .map(OrphanedPlaceholders::restoreOf)
                .filter(id -> !id.isEmpty())
                .distinct()
                .map(UUID::fromString)
                .toList();
        return sessions.withSession(session -> restores.runsOn(session, workload)
                .chain(busy -> busy || ids.isEmpty()
                        ? Uni.createFrom().item(List.<MemberPlacement>of())
                        : engine.phases(session, ids).map(sagas -> ofNoneThatRuns(found, sagas))));
    }

    private static List<MemberPlacement> ofNoneThatRuns(List<Placeholder> found, Map<String, SagaPhase> sagas) {
        return found.stream()
                .filter(placeholder -> {
                    String restore = restoreOf(placeholder);
                    SagaPhase phase = sagas.get(restore);
                    return !restore.isEmpty() && (phase == null || phase.terminal());
                })
                .map(Placeholder::member)
                .toList();
    }

    /** The id of the restore that made a placeholder; empty where it was no restore of this service. */
    private static String restoreOf(Placeholder placeholder) {
        Matcher operation = OPERATION.matcher(placeholder.operation());
        return operation.matches() ? operation.group(1) : "";
    }
}
