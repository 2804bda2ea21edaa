package io.memorymachine.contract.workload;

import io.memorymachine.contract.envelope.Bounds;

/**
 * One incarnation of a member: where it runs now.
 *
 * @param node the node's name
 * @param incarnation identifies this incarnation (container id, pod uid): changes when the member is recreated
 * @param address the IP address of this incarnation
 * @param dnsName the stable name, resolvable inside the members: {@code hz-0.hz}
 * @param imageDigest digest of the container image, {@code sha256:...}
 */
public record MemberPlacement(
        MemberRef member, String node, String incarnation, String address, String dnsName, String imageDigest) {
    /** Refuses what no sender means. */
    public MemberPlacement {
        Bounds.present("member", member);
        Bounds.required("node", node);
        Bounds.optional("incarnation", incarnation);
        Bounds.optional("address", address);
        Bounds.optional("dnsName", dnsName);
        Bounds.optional("imageDigest", imageDigest);
    }
}
