package io.memorymachine.snapshot.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.workload.Names;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** Finds entries of the catalogue and reads and writes their JSON columns, within the caller's session. */
@ApplicationScoped
public class Catalogue {
    private final ObjectMapper json;

    @Inject
    Catalogue(ObjectMapper json) {
        this.json = json;
    }

    /** The entry of this name, or null; null for what cannot be a name. */
    public Uni<SnapshotRow> find(Mutiny.Session session, String name) {
        if (!Names.isLabel(name)) {
            return Uni.createFrom().nullItem();
        }
        return session.createSelectionQuery("from SnapshotRow where name = :name", SnapshotRow.class)
                .setParameter("name", name)
                .getSingleResultOrNull();
    }

    /** The entry of this name, locked until the transaction ends, or null; null for what cannot be a name. */
    public Uni<SnapshotRow> lock(Mutiny.Session session, String name) {
        if (!Names.isLabel(name)) {
            return Uni.createFrom().nullItem();
        }
        return session.createSelectionQuery("from SnapshotRow where name = :name", SnapshotRow.class)
                .setParameter("name", name)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getSingleResultOrNull();
    }

    /**
     * Adds an entry that is being taken. Concurrent callers wait for each other's commit, so that one of them is refused.
     *
     * @throws OperationFailedException (emitted) SNAPSHOT_NAME_IN_USE
     */
    public Uni<Void> add(
            Mutiny.Session session,
            UUID id,
            String name,
            WorkloadRef workload,
            ProfileSettings profile,
            String onBehalfOf,
            Instant now) {
        return session.createMutationQuery("""
                        insert into SnapshotRow
                            (id, name, namespace, workload, profile, pause, maxPause, onBehalfOf, phase, requestedAt)
                        values
                            (:id, :name, :namespace, :workload, :profile, :pause, :maxPause, :onBehalfOf, :phase, :now)
                        on conflict do nothing""")
                .setParameter("id", id)
                .setParameter("name", name)
                .setParameter("namespace", workload.namespace())
                .setParameter("workload", workload.name())
                .setParameter("profile", profile.name())
                .setParameter("pause", profile.pause())
                .setParameter("maxPause", profile.maxPause().toMillis())
                .setParameter("onBehalfOf", onBehalfOf)
                .setParameter("phase", SnapshotPhase.RUNNING)
                .setParameter("now", now)
                .executeUpdate()
                .chain(added -> added == 1
                        ? Uni.createFrom().voidItem()
                        : find(session, name)
                                .invoke(row -> {
                                    throw inUse(row);
                                })
                                .replaceWithVoid());
    }

    /** The refusal to take a snapshot under the name of another one. */
    public static OperationFailedException inUse(SnapshotRow existing) {
        return new OperationFailedException(
                FailureReason.SNAPSHOT_NAME_IN_USE,
                "A snapshot " + existing.name() + " of " + existing.workloadRef() + " exists: it is "
                        + existing.phase());
    }

    /** The entry of this id, or null. */
    public Uni<SnapshotRow> find(Mutiny.Session session, UUID id) {
        return session.find(SnapshotRow.class, id);
    }

    /** The entries among these ids, in any order. */
    public Uni<List<SnapshotRow>> find(Mutiny.Session session, List<UUID> ids) {
        return session.createSelectionQuery("from SnapshotRow where id in (:ids)", SnapshotRow.class)
                .setParameter("ids", ids)
                .getResultList();
    }

    /**
     * Entries in the order of their names.
     *
     * @param namespace only of this namespace, or null for all
     * @param after only those whose names follow this one, or null for all
     */
    public Uni<List<SnapshotRow>> list(Mutiny.Session session, String namespace, String after, int limit) {
        return session.createSelectionQuery("""
                        from SnapshotRow where (:namespace is null or namespace = :namespace)
                        and name > :after order by name""", SnapshotRow.class)
                .setParameter("namespace", namespace)
                .setParameter("after", after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList();
    }

    /**
     * Whether a restore uses the snapshot.
     *
     * @param exceptBy a restore whose hold does not count, or null
     */
    public Uni<Boolean> held(Mutiny.Session session, UUID snapshot, String exceptBy) {
        return session.createSelectionQuery(
                        "select count(*) from HoldRow where snapshotId = :id and restoreId <> :except", Long.class)
                .setParameter("id", snapshot)
                .setParameter("except", exceptBy == null ? "" : exceptBy)
                .getSingleResult()
                .map(count -> count > 0);
    }

    /**
     * The manifest of a sealed snapshot.
     *
     * @throws OperationFailedException SNAPSHOT_NOT_SEALED
     */
    public SnapshotManifest manifest(SnapshotRow row) {
        if (row.phase() != SnapshotPhase.SEALED) {
            throw new OperationFailedException(
                    FailureReason.SNAPSHOT_NOT_SEALED, "Snapshot " + row.name() + " is " + row.phase());
        }
        return read(row.manifest(), SnapshotManifest.class);
    }

    /** The failure of an entry, or null. */
    public Failure failure(SnapshotRow row) {
        return row.failure() == null ? null : read(row.failure(), Failure.class);
    }

    /** What the last verification has found wrong, or null. */
    public Failure verificationFailure(SnapshotRow row) {
        return row.verificationFailure() == null ? null : read(row.verificationFailure(), Failure.class);
    }

    /** A value as JSON. */
    public String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " cannot be written as JSON", e);
        }
    }

    /** A value that {@link #write} wrote. */
    public <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + type.getSimpleName() + " cannot be read", e);
        }
    }
}
