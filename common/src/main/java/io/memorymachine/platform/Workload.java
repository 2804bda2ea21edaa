package io.memorymachine.platform;

import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * A workload as the platform sees it now.
 *
 * @param service the name of the Service that gives the members their DNS names
 * @param replicas how many members it is meant to have
 * @param members those that run, in the order of their ordinals; fewer than {@code replicas} where some are down
 * @param heapBytes the maximal heap of one member, in bytes
 * @param memoryLimitBytes what a member's container may use, or null where it has no limit
 * @param imageDigest digest of the container image that new members will run, or null where only a running one tells
 */
public record Workload(
        WorkloadRef ref,
        String service,
        int replicas,
        List<MemberPlacement> members,
        long heapBytes,
        Long memoryLimitBytes,
        String imageDigest) {}
