package io.memorymachine.snapshot.orchestrate.orphan;

/**
 * What the saga that removes an orphan knows.
 *
 * @param node the node that holds it
 * @param freedBytes what its removal has freed; 0 until then
 */
public record OrphanData(String node, String snapshotId, long freedBytes) {
    OrphanData freed(long bytes) {
        return new OrphanData(node, snapshotId, bytes);
    }
}
