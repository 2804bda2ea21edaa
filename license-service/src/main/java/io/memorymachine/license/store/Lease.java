package io.memorymachine.license.store;

import java.time.Instant;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What a running operation was granted. */
@Entity
@Table(name = "license_lease")
public class Lease {
    @Id
    private String operation;

    @Column(nullable = false)
    private String feature;

    @Column(nullable = false)
    private String[] nodes;

    @Column(name = "pmem_bytes", nullable = false)
    private long pmemBytes;

    @Column(name = "granted_at", nullable = false)
    private Instant grantedAt;

    @Column(name = "ends_at", nullable = false)
    private Instant endsAt;

    /** For Hibernate. */
    protected Lease() {}

    /**
     * A lease granted now.
     *
     * @param pmemBytes what the operation may add, in bytes
     * @param endsAt the first instant at which it does not count any more
     */
    public Lease(
            String operation, String feature, List<String> nodes, long pmemBytes, Instant grantedAt, Instant endsAt) {
        this.operation = operation;
        this.feature = feature;
        this.nodes = nodes.toArray(String[]::new);
        this.pmemBytes = pmemBytes;
        this.grantedAt = grantedAt;
        this.endsAt = endsAt;
    }
}
