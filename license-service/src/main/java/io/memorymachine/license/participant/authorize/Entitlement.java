package io.memorymachine.license.participant.authorize;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.license.document.License;
import io.memorymachine.license.store.Commitments;

/** What a licence covers, as pure decisions. */
final class Entitlement {
    private static final int MAX_OPERATION = 200;
    private static final int MAX_NODE_NAME = 253;
    private static final int MAX_NODES = 10_000;

    private Entitlement() {}

    /**
     * Refuses a request that is incomplete or out of all bounds.
     *
     * @throws OperationFailedException with {@link FailureReason#INVALID_REQUEST}
     */
    static void requireWellFormed(AuthorizeOperation request) {
        require(isName(request.operation(), MAX_OPERATION), "operation");
        require(request.feature() != null, "feature");
        require(
                request.nodes() != null
                        && !request.nodes().isEmpty()
                        && request.nodes().size() <= MAX_NODES
                        && request.nodes().stream().allMatch(node -> isName(node, MAX_NODE_NAME)),
                "nodes");
        require(request.pmemBytes() >= 0, "pmemBytes");
        require(request.leaseFor() != null && request.leaseFor().compareTo(Duration.ZERO) > 0, "leaseFor");
    }

    /**
     * Refuses an operation that the licence does not cover. An operation that adds nothing is not refused for capacity,
     * so that a cluster whose heaps have outgrown the licence can still be brought back.
     *
     * @param others what counts beside this operation
     * @throws OperationFailedException with {@link FailureReason#LICENSE_FEATURE_MISSING},
     *     {@link FailureReason#LICENSE_NODES_EXCEEDED} or {@link FailureReason#LICENSE_CAPACITY_EXCEEDED}
     */
    static void requireCovered(License license, AuthorizeOperation request, Commitments others) {
        requireFeature(license, request);
        Set<String> nodes = new TreeSet<>(others.nodes());
        nodes.addAll(request.nodes());
        if (nodes.size() > license.nodes()) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_NODES_EXCEEDED,
                    "The licence " + license.id() + " covers " + license.nodes() + " nodes, this makes "
                            + nodes.size());
        }
        long wanted = Commitments.plus(others.totalBytes(), request.pmemBytes());
        if (request.pmemBytes() > 0 && wanted > license.pmemBytes()) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_CAPACITY_EXCEEDED,
                    "The licence " + license.id() + " covers " + license.pmemBytes() + " bytes of persistent memory; "
                            + others.usedBytes() + " are used, " + others.leasedBytes()
                            + " promised to running operations, and " + request.pmemBytes() + " asked for");
        }
    }

    private static void requireFeature(License license, AuthorizeOperation request) {
        if (!license.grants(request.feature())) {
            boolean known = Set.of(License.SNAPSHOT, License.RESTORE).contains(request.feature());
            throw new OperationFailedException(
                    FailureReason.LICENSE_FEATURE_MISSING,
                    "The licence " + license.id() + " does not include "
                            + (known ? "the feature " + request.feature() : "a feature of that name"));
        }
    }

    private static boolean isName(String name, int maxLength) {
        return name != null
                && !name.isBlank()
                && name.length() <= maxLength
                && name.codePoints().noneMatch(Character::isISOControl);
    }

    private static void require(boolean holds, String field) {
        if (!holds) {
            throw new OperationFailedException(
                    FailureReason.INVALID_REQUEST, "The request to authorize an operation has no good " + field);
        }
    }
}
