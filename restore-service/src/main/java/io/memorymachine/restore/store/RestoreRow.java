package io.memorymachine.restore.store;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.saga.state.SagaPhase;

/** A restore: what is searched for. All else stands in the saga of the same id. */
@Entity
@Table(name = "restore")
public class RestoreRow {
    @Id
    UUID id;

    @Column(nullable = false)
    String name;

    @Column(nullable = false)
    String snapshot;

    /** Null until the workload is known. */
    @Column
    String namespace;

    /** Null until the workload is known. */
    @Column
    String workload;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    SagaPhase phase;

    @Column(name = "requested_at", nullable = false)
    Instant requestedAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    /** For Hibernate. */
    protected RestoreRow() {}

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String snapshot() {
        return snapshot;
    }

    /** The workload, or null until it is known. */
    public WorkloadRef workloadRef() {
        return workload == null ? null : new WorkloadRef(namespace, workload);
    }

    public SagaPhase phase() {
        return phase;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    /** Null while the restore runs. */
    public Instant finishedAt() {
        return finishedAt;
    }

    /** Follows the saga. */
    public void moved(SagaPhase to, Instant endedAt) {
        this.phase = to;
        this.finishedAt = endedAt;
    }

    void belongsTo(WorkloadRef known) {
        this.namespace = known.namespace();
        this.workload = known.name();
    }
}
