package io.memorymachine.snapshot.store;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;

/** An entry of the catalogue. */
@Entity
@Table(name = "snapshot")
public class SnapshotRow {
    @Id
    UUID id;

    @Column(nullable = false)
    String name;

    @Column(nullable = false)
    String namespace;

    @Column(nullable = false)
    String workload;

    @Column(nullable = false)
    String profile;

    @Column(nullable = false)
    boolean pause;

    /** In milliseconds. */
    @Column(name = "max_pause", nullable = false)
    long maxPause;

    /** The restore whose safety snapshot this is, or null. */
    @Column(name = "on_behalf_of")
    String onBehalfOf;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    SnapshotPhase phase;

    /** The manifest as JSON; null until sealed. */
    @Column
    String manifest;

    /** The saga that deletes it, or null. */
    @Column(name = "deletion_id")
    UUID deletionId;

    /** The failure as JSON, or null. */
    @Column
    String failure;

    @Column(name = "requested_at", nullable = false)
    Instant requestedAt;

    @Column(name = "finished_at")
    Instant finishedAt;

    /** When the images were last compared with their checksums, or null. */
    @Column(name = "verified_at")
    Instant verifiedAt;

    /** What that has found wrong, as JSON, or null. */
    @Column(name = "verification_failure")
    String verificationFailure;

    /** For Hibernate. */
    protected SnapshotRow() {}

    /** Notes what came of comparing the images with their checksums: a failure as JSON, or null. */
    public void verified(Instant at, String verdict) {
        verifiedAt = at;
        verificationFailure = verdict;
    }

    public Instant verifiedAt() {
        return verifiedAt;
    }

    /** As JSON, or null. */
    public String verificationFailure() {
        return verificationFailure;
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public WorkloadRef workloadRef() {
        return new WorkloadRef(namespace, workload);
    }

    public ProfileSettings profileSettings() {
        return new ProfileSettings(profile, pause, Duration.ofMillis(maxPause));
    }

    public String onBehalfOf() {
        return onBehalfOf;
    }

    public SnapshotPhase phase() {
        return phase;
    }

    public String manifest() {
        return manifest;
    }

    public String failure() {
        return failure;
    }

    public UUID deletionId() {
        return deletionId;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    public Instant finishedAt() {
        return finishedAt;
    }

    /** The snapshot is whole. */
    public void sealed(String manifestJson, Instant now) {
        this.phase = SnapshotPhase.SEALED;
        this.manifest = manifestJson;
        this.finishedAt = now;
    }

    /** The snapshot could not be taken, or was cancelled, or could not be deleted. */
    public void ended(SnapshotPhase how, String failureJson, Instant now) {
        this.phase = how;
        this.failure = failureJson;
        this.finishedAt = now;
    }

    /** The snapshot is being deleted by the given saga. */
    public void deleting(UUID saga) {
        this.phase = SnapshotPhase.DELETING;
        this.deletionId = saga;
    }
}
