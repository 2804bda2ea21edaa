package io.memorymachine.snapshot.store;

import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

import io.memorymachine.contract.workload.WorkloadRef;

/** The lock of a workload. */
@Entity
@Table(name = "workload_lock")
public class LockRow {
    @EmbeddedId
    Key key;

    /** {@code snapshot} or {@code restore}. */
    @Column(nullable = false)
    String kind;

    @Column(name = "holder_id", nullable = false)
    String holderId;

    @Column(name = "holder_name", nullable = false)
    String holderName;

    @Column(nullable = false)
    Instant since;

    /** For Hibernate. */
    protected LockRow() {}

    LockRow(WorkloadRef workload, String kind, String holderId, String holderName, Instant since) {
        this.key = new Key(workload.namespace(), workload.name());
        this.kind = kind;
        this.holderId = holderId;
        this.holderName = holderName;
        this.since = since;
    }

    String describe() {
        return kind + " " + holderName;
    }

    /** The workload's name. */
    @Embeddable
    record Key(String namespace, String workload) implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;
    }
}
