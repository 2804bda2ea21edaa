package io.memorymachine.contract.pmem;

import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;

/**
 * What a node has to know to bring an application back from its rest when whoever brought it there is gone.
 *
 * @param profile how, and after how long at the latest
 * @param clusterState the state to return to, or null for the profile's ordinary one
 * @param members all members of the workload, those on other nodes too
 */
public record QuiesceGuard(ProfileSettings profile, String clusterState, List<MemberPlacement> members) {
    /** Refuses what no sender means. */
    public QuiesceGuard {
        Bounds.present("profile", profile);
        Bounds.optional("clusterState", clusterState);
        members = Bounds.list("members", members);
    }
}
