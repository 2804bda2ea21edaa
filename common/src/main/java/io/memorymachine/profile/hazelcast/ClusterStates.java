package io.memorymachine.profile.hazelcast;

/** The cluster states that matter here; https://docs.hazelcast.com/hazelcast/5.5/maintain-cluster/cluster-member-states. */
final class ClusterStates {
    static final String ACTIVE = "ACTIVE";
    static final String PASSIVE = "PASSIVE";

    /** The node state of a cluster that is between two states: no node has it. */
    static final String NONE = "none";

    private ClusterStates() {}

    /** The state of a healthy member in a cluster of this state; {@link #NONE} for a cluster between two states. */
    static String nodeState(String clusterState) {
        return switch (clusterState) {
            case PASSIVE -> PASSIVE;
            case ACTIVE, "FROZEN", "NO_MIGRATION" -> ACTIVE;
            default -> NONE;
        };
    }
}
