package io.memorymachine.snapshot.store;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A quiesce lease. The row is committed before the cluster is touched: whoever finds it open and overdue resumes the
 * cluster.
 */
@Entity
@Table(name = "quiesce_lease")
public class LeaseRow {
    @Id
    @Column(name = "snapshot_id")
    UUID snapshotId;

    @Column(nullable = false)
    String profile;

    /** The members' placements as JSON. */
    @Column(nullable = false)
    String members;

    /** The state to return to; null until the cluster has been made passive: then the profile's ordinary state holds. */
    @Column(name = "previous_state")
    String previousState;

    @Column(name = "quiesced_at")
    Instant quiescedAt;

    @Column(name = "lease_until", nullable = false)
    Instant until;

    @Column(name = "resumed_at")
    Instant resumedAt;

    @Column(nullable = false)
    boolean expired;

    /** For Hibernate. */
    protected LeaseRow() {}

    /** A lease that begins now. */
    public LeaseRow(UUID snapshotId, String profile, String members, String previousState, Instant until) {
        this.snapshotId = snapshotId;
        this.profile = profile;
        this.members = members;
        this.previousState = previousState;
        this.until = until;
    }

    public UUID snapshotId() {
        return snapshotId;
    }

    public String profile() {
        return profile;
    }

    public String members() {
        return members;
    }

    public String previousState() {
        return previousState;
    }

    public Instant quiescedAt() {
        return quiescedAt;
    }

    public Instant until() {
        return until;
    }

    public Instant resumedAt() {
        return resumedAt;
    }

    public boolean expired() {
        return expired;
    }

    /** Whether the cluster may not be kept passive any more. */
    public boolean hasRunOut(Instant now) {
        return expired || resumedAt != null || !now.isBefore(until);
    }

    /** The cluster is passive; if it was resumed meanwhile, that has to be done again. */
    public void quiesced(Instant at) {
        this.quiescedAt = at;
        this.resumedAt = null;
    }

    /** The cluster may be passive though it was resumed: from now on the lease is overdue. */
    public void reopened() {
        this.resumedAt = null;
        this.expired = true;
    }

    /** The cluster is back in its state. */
    public void resumed(Instant at, boolean byExpiry) {
        this.resumedAt = at;
        this.expired |= byExpiry;
    }
}
