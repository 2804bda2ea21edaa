package io.memorymachine.license.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** What is in use: leases of running operations and reports of nodes. */
@ApplicationScoped
public class LedgerStore {
    /** Summed up by the database, or the lock would be held the longer the more operations run: they share few nodes. */
    private static final String LEASED = """
            select nodes, sum(cast(pmemBytes as BigDecimal)), count(*) from Lease
            where endsAt > :now and operation <> :except
            group by nodes""";

    /** No operation has this name. */
    private static final String NOBODY = "";

    private static final String REPORT = """
            insert into node_usage (node, live_bytes, snapshot_bytes, reported_at)
            values (:node, :live, :snapshots, :at)
            on conflict (node) do update set live_bytes = excluded.live_bytes,
                snapshot_bytes = excluded.snapshot_bytes, reported_at = excluded.reported_at
            where node_usage.reported_at <= excluded.reported_at""";

    /**
     * What counts against the licence.
     *
     * @param now leases that have ended by then do not count
     * @param reportsSince nodes that have not reported since then do not count
     * @param exceptOperation whose own lease does not count; null for none
     */
    public Uni<Commitments> commitments(
            Mutiny.Session session, Instant now, Instant reportsSince, String exceptOperation) {
        return session.createSelectionQuery("from NodeUsage where reportedAt >= :since", NodeUsage.class)
                .setParameter("since", reportsSince)
                .getResultList()
                .chain(reports -> session.createSelectionQuery(LEASED, Object[].class)
                        .setParameter("now", now)
                        .setParameter("except", exceptOperation == null ? NOBODY : exceptOperation)
                        .getResultList()
                        .map(rows -> Commitments.of(
                                reports, rows.stream().map(LedgerStore::leased).toList())));
    }

    private static Commitments.Leased leased(Object[] row) {
        BigDecimal bytes = ((BigDecimal) row[1]).min(BigDecimal.valueOf(Long.MAX_VALUE));
        return new Commitments.Leased(List.of((String[]) row[0]), bytes.longValue(), ((Long) row[2]).intValue());
    }

    /** Takes out a lease; the operation's earlier one, if any, is replaced. */
    public Uni<Void> grant(Mutiny.Session session, Lease lease) {
        return session.merge(lease).replaceWithVoid();
    }

    /** Gives a lease back, if there is one. */
    public Uni<Void> release(Mutiny.Session session, String operation) {
        return session.createMutationQuery("delete from Lease where operation = :operation")
                .setParameter("operation", operation)
                .executeUpdate()
                .replaceWithVoid();
    }

    /** Keeps a node's report, unless a later one is there already. */
    public Uni<Void> report(Mutiny.Session session, String node, long live, long snapshots, Instant at) {
        return session.createNativeQuery(REPORT)
                .setParameter("node", node)
                .setParameter("live", live)
                .setParameter("snapshots", snapshots)
                .setParameter("at", at)
                .executeUpdate()
                .replaceWithVoid();
    }

    /** Deletes leases that have ended and reports from before the given time. */
    public Uni<Void> tidy(Mutiny.Session session, Instant now, Instant reportsBefore) {
        return session.createMutationQuery("delete from Lease where endsAt <= :now")
                .setParameter("now", now)
                .executeUpdate()
                .chain(() -> session.createMutationQuery("delete from NodeUsage where reportedAt < :before")
                        .setParameter("before", reportsBefore)
                        .executeUpdate())
                .replaceWithVoid();
    }
}
