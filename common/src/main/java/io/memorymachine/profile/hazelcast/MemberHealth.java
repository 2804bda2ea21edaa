package io.memorymachine.profile.hazelcast;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a member says of itself and of the cluster as it sees it.
 *
 * @param clusterSafe whether no partition waits for a backup
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record MemberHealth(
        String nodeState, String clusterState, boolean clusterSafe, long migrationQueueSize, int clusterSize) {
    /** What keeps this member from seeing a whole and safe cluster; empty where nothing does. */
    List<String> missing(int members) {
        List<String> missing = new ArrayList<>();
        if (clusterSize != members) {
            missing.add("sees " + clusterSize + " of " + members + " members");
        }
        if (!clusterSafe) {
            missing.add("the cluster is not safe");
        }
        if (migrationQueueSize != 0) {
            missing.add(migrationQueueSize + " migrations are queued");
        }
        if (!nodeState.equals(ClusterStates.nodeState(clusterState))) {
            missing.add("is " + nodeState + " in a cluster that is " + clusterState);
        }
        return missing;
    }
}
