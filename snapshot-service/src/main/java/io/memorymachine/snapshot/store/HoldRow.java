package io.memorymachine.snapshot.store;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A restore's hold on a snapshot. */
@Entity
@Table(name = "snapshot_hold")
public class HoldRow {
    @Id
    @Column(name = "restore_id")
    String restoreId;

    @Column(name = "snapshot_id", nullable = false)
    UUID snapshotId;

    @Column(nullable = false)
    Instant since;

    /** For Hibernate. */
    protected HoldRow() {}

    /** A hold taken now. */
    public HoldRow(String restoreId, UUID snapshotId, Instant since) {
        this.restoreId = restoreId;
        this.snapshotId = snapshotId;
        this.since = since;
    }

    public UUID snapshotId() {
        return snapshotId;
    }
}
