package io.memorymachine.snapshot.orchestrate.delete;

import java.util.List;

/**
 * What the deletion saga knows.
 *
 * @param nodes the nodes that may hold images
 */
public record DeletionData(String snapshotId, String name, List<String> nodes) {}
