package io.memorymachine.license.store;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The latest report of a node on its pmem volume. */
@Entity
@Table(name = "node_usage")
public class NodeUsage {
    @Id
    private String node;

    @Column(name = "live_bytes", nullable = false)
    private long liveBytes;

    @Column(name = "snapshot_bytes", nullable = false)
    private long snapshotBytes;

    @Column(name = "reported_at", nullable = false)
    private Instant reportedAt;

    /** For Hibernate. */
    protected NodeUsage() {}

    /** The node's name. */
    public String node() {
        return node;
    }

    /** Live heaps, in bytes. */
    public long liveBytes() {
        return liveBytes;
    }

    /** What snapshots occupy beyond the live heaps, in bytes. */
    public long snapshotBytes() {
        return snapshotBytes;
    }
}
