package io.memorymachine.license.store;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What counts against a licence now.
 *
 * @param nodes nodes that report a pmem volume, and nodes of running operations
 * @param usedBytes live heaps and what snapshots occupy beyond them, as the nodes reported it; bytes that are shared
 *     count once
 * @param leasedBytes what running operations were granted. For as long as an operation runs, bytes that it has written
 *     already may count in both: rather refuse a moment too long than grant twice
 * @param operations how many operations run
 */
public record Commitments(Set<String> nodes, long usedBytes, long leasedBytes, int operations) {
    static Commitments of(List<NodeUsage> reports, List<Leased> leases) {
        Set<String> nodes = new TreeSet<>();
        long used = 0;
        for (NodeUsage report : reports) {
            nodes.add(report.node());
            used = plus(used, plus(report.liveBytes(), report.snapshotBytes()));
        }
        long leased = 0;
        int operations = 0;
        for (Leased lease : leases) {
            nodes.addAll(lease.nodes());
            leased = plus(leased, lease.bytes());
            operations += lease.operations();
        }
        return new Commitments(nodes, used, leased, operations);
    }

    /** The leases of all operations that take the same nodes. */
    record Leased(List<String> nodes, long bytes, int operations) {}

    /** All bytes. */
    public long totalBytes() {
        return plus(usedBytes, leasedBytes);
    }

    /** The sum of two amounts of 0 or more, or the largest number where it would be larger. */
    public static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
