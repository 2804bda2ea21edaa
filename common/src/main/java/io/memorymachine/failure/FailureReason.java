package io.memorymachine.failure;

/**
 * Why an operation was refused or failed: the one list behind replies, saga status, logs, metrics, HTTP problem
 * documents and the command line. The constant's name is the stable code that users may match on; it is never renamed.
 */
public enum FailureReason {
    // --- the request itself
    INVALID_NAME(400, "The name is not an RFC 1123 label"),
    INVALID_REQUEST(400, "The request is malformed"),
    UNKNOWN_PROFILE(400, "No such quiesce profile"),
    INVALID_PROFILE_OPTION(400, "The profile does not know this option"),
    WORKLOAD_NOT_FOUND(404, "No such workload"),
    SNAPSHOT_NOT_FOUND(404, "No such snapshot"),
    RESTORE_NOT_FOUND(404, "No such restore"),
    SNAPSHOT_NAME_IN_USE(409, "A snapshot of this name exists"),
    RESTORE_NAME_IN_USE(409, "A restore of this name exists"),
    SNAPSHOT_NOT_SEALED(409, "The snapshot is not sealed"),
    SNAPSHOT_IN_USE(409, "The snapshot is used by a running restore"),
    WORKLOAD_BUSY(409, "Another operation runs on this workload"),
    NOT_CANCELLABLE(409, "The operation is past its point of no return or has ended"),
    PAYLOAD_TOO_LARGE(413, "The request is larger than the configured limit"),
    TOO_MANY_STREAMS(429, "Too many event streams are open"),

    // --- licence
    LICENSE_MISSING(403, "No licence is installed"),
    LICENSE_EXPIRED(403, "The licence has expired"),
    LICENSE_NOT_YET_VALID(403, "The licence is not valid yet"),
    LICENSE_TAMPERED(403, "The licence's signature does not match its content"),
    LICENSE_WRONG_KEY(403, "The licence was signed with a key that is not trusted"),
    LICENSE_DEVELOPMENT_ONLY(403, "A development licence is not accepted by this installation"),
    LICENSE_MALFORMED(400, "The file is not a licence"),
    LICENSE_FEATURE_MISSING(403, "The licence does not include this feature"),
    LICENSE_NODES_EXCEEDED(403, "The licence covers fewer nodes"),
    LICENSE_CAPACITY_EXCEEDED(403, "The licence covers less persistent memory"),

    // --- members
    WORKLOAD_NOT_SUITABLE(409, "The workload is not set up so that its members could be restored"),
    MEMBER_DOWN(409, "A member is not running"),
    MEMBER_CHANGED(409, "A member was replaced while the operation ran"),
    HEAP_NOT_ON_VOLUME(409, "A member's heap is not on the pmem volume"),

    // --- pmem volume and node
    VOLUME_NOT_READY(503, "The pmem volume is not mounted"),
    VOLUME_FULL(507, "The pmem volume has too little free space"),
    CLONE_UNSUPPORTED(409, "The file system of the volume cannot clone files"),
    CRIU_MISSING(503, "CRIU is not installed or cannot run on this kernel"),
    CRIU_FAILED(500, "CRIU failed"),
    NODE_UNREACHABLE(503, "The pmem-service of a node does not answer"),

    // --- capture
    CAPTURE_TIMEOUT(504, "The capture took longer than allowed"),
    QUIESCE_FAILED(502, "The cluster could not be made passive"),
    QUIESCE_LEASE_EXPIRED(504, "The cluster was passive for longer than allowed and was resumed"),
    RESUME_FAILED(502, "The cluster could not be made active again"),
    CLUSTER_NOT_SAFE(409, "The cluster is not whole and safe"),

    // --- images
    IMAGE_MISSING(410, "A member image is missing"),
    IMAGE_INCOMPLETE(422, "A file of a member image is missing or truncated"),
    IMAGE_CORRUPT(422, "A checksum of a member image does not match"),
    MANIFEST_MISMATCH(422, "The manifest does not belong to these images"),
    IMAGE_DIGEST_MISMATCH(409, "The container image is not the one of the snapshot"),
    ENCRYPTION_KEY_MISSING(409, "The node does not have the key for encrypted images"),
    CPU_MISMATCH(409, "The CPU lacks features that the snapshot needs"),
    HEAP_TOO_SMALL(409, "The workload allows less memory than the snapshot holds"),
    MEMBER_COUNT_MISMATCH(409, "The workload has another number of members than the snapshot"),

    // --- restore
    RECREATE_FAILED(502, "The members could not be recreated"),
    MATERIALIZE_FAILED(500, "A member could not be put back from its image"),
    NAMES_UNRESOLVED(504, "A member's name does not resolve to its new address"),
    NOT_WHOLE_AGAIN(504, "The restored members did not form a whole and safe cluster"),

    // --- the machinery
    CANCELLED(409, "The operation was cancelled"),
    TIMEOUT(504, "A participant did not reply in time"),
    UNAUTHENTICATED(401, "The request carries no valid credentials"),
    FORBIDDEN(403, "The caller may not do this"),
    UNAVAILABLE(503, "A backing service is not available"),
    INTERNAL(500, "An unexpected error: a defect of Memory Machine");

    private final int httpStatus;
    private final String title;

    FailureReason(int httpStatus, String title) {
        this.httpStatus = httpStatus;
        this.title = title;
    }

    /** The status of an HTTP answer that carries this reason. */
    public int httpStatus() {
        return httpStatus;
    }

    /** One short English sentence without particulars; the particulars stand in the failure's message. */
    public String title() {
        return title;
    }
}
