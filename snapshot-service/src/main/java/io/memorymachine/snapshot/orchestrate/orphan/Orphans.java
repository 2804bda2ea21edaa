package io.memorymachine.snapshot.orchestrate.orphan;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Content;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Holding;
import io.memorymachine.contract.snapshot.SnapshotFact.InventoryChecked;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotRow;

/**
 * Looks through what nodes hold. A saga's row is committed before any command of it reaches a node, so what is found on a
 * node was known here before, or never was: an id that neither a saga nor an entry has is of a snapshot that is over.
 *
 * <table>
 * <caption>What becomes of a holding</caption>
 * <tr><td>its saga runs</td><td>left alone</td></tr>
 * <tr><td>its entry has a snapshot behind it, or is being deleted</td><td>left alone</td></tr>
 * <tr><td>its entry says that it failed, or its saga has ended and there is no entry</td><td>removed</td></tr>
 * <tr><td>unknown, and not sealed</td><td>removed once it is aged</td></tr>
 * <tr><td>unknown, and sealed</td><td>kept, and told of: the catalogue may be an older one</td></tr>
 * </table>
 */
@ApplicationScoped
public class Orphans {
    private static final Logger LOG = Logger.getLogger(Orphans.class);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final SagaEngine engine;
    private final OrphanProjection projection;
    private final Outbox outbox;
    private final MeterRegistry meters;

    @Inject
    Orphans(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            SagaEngine engine,
            OrphanProjection projection,
            Outbox outbox,
            MeterRegistry meters) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.engine = engine;
        this.projection = projection;
        this.outbox = outbox;
        this.meters = meters;
    }

    private enum Verdict {
        KEPT,
        ORPHAN,
        UNKNOWN
    }

    /** Has the orphans among a node's holdings removed, and says what is unknown, all in one transaction; repeatable. */
    public Uni<Void> check(InventoryTaken taken) {
        return sessions.withTransaction(session -> judge(session, taken.holdings())
                        .chain(verdicts -> remove(session, taken, named(verdicts, Verdict.ORPHAN))
                                .chain(() -> outbox.fact(
                                        session,
                                        taken.node(),
                                        new InventoryChecked(
                                                taken.node(), named(verdicts, Verdict.UNKNOWN), taken.at())))))
                .invoke(engine::sent);
    }

    private Uni<Map<Holding, Verdict>> judge(Mutiny.Session session, List<Holding> holdings) {
        List<UUID> ids = holdings.stream()
                .map(Holding::id)
                .filter(id -> ID.matcher(id).matches())
                .map(UUID::fromString)
                .toList();
        if (holdings.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return engine.phases(session, ids)
                .chain(sagas -> catalogue
                        .find(session, ids)
                        .map(entries -> entries.stream()
                                .collect(Collectors.toMap(row -> row.id().toString(), Function.identity())))
                        .map(entries -> holdings.stream()
                                .collect(Collectors.toMap(
                                        Function.identity(),
                                        holding -> verdict(
                                                holding, sagas.get(holding.id()), entries.get(holding.id()))))));
    }

    private static Verdict verdict(Holding holding, SagaPhase saga, SnapshotRow entry) {
        if (saga != null && !saga.terminal()) {
            return Verdict.KEPT;
        }
        if (entry != null) {
            return entry.phase().nameIsFree() ? Verdict.ORPHAN : Verdict.KEPT;
        }
        if (saga != null) {
            return Verdict.ORPHAN;
        }
        if (holding.content() == Content.SEALED) {
            return Verdict.UNKNOWN;
        }
        return holding.aged() ? Verdict.ORPHAN : Verdict.KEPT;
    }

    private static List<String> named(Map<Holding, Verdict> verdicts, Verdict verdict) {
        return verdicts.entrySet().stream()
                .filter(one -> one.getValue() == verdict)
                .map(one -> one.getKey().id())
                .sorted()
                .toList();
    }

    private Uni<Void> remove(Mutiny.Session session, InventoryTaken taken, List<String> orphans) {
        Uni<Void> begun = Uni.createFrom().voidItem();
        for (String orphan : orphans) {
            begun = begun.chain(() -> remove(session, taken, orphan));
        }
        return begun;
    }

    /** One saga for each inventory that names the orphan: the inventory may come again, the saga must not. */
    private Uni<Void> remove(Mutiny.Session session, InventoryTaken taken, String orphan) {
        UUID id = UUID.nameUUIDFromBytes((OrphanSaga.TYPE + "/" + taken.node() + "/" + orphan + "/" + taken.at())
                .getBytes(StandardCharsets.UTF_8));
        return engine.find(session, projection, id).chain(begun -> {
            if (begun != null) {
                return Uni.createFrom().voidItem();
            }
            LOG.warnf("snapshot=%s node=%s is an orphan and will be removed", orphan, taken.node());
            meters.counter("mm.orphans.found").increment();
            return engine.start(session, projection, id, orphan, new OrphanData(taken.node(), orphan, 0), null)
                    .replaceWithVoid();
        });
    }
}
