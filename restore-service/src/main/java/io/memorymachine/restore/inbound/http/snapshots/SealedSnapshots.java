package io.memorymachine.restore.inbound.http.snapshots;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.inject.RestClient;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * Says of which workload a snapshot is, so that a request that cannot succeed is refused at once. What is true now may
 * change: the saga's first step, which holds the snapshot, has the last word.
 */
@ApplicationScoped
public class SealedSnapshots {
    private static final String SEALED = "sealed";

    private final SnapshotsApi snapshots;

    @Inject
    SealedSnapshots(@RestClient SnapshotsApi snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * The workload of a sealed snapshot, on which nothing else works.
     *
     * @throws OperationFailedException (emitted) SNAPSHOT_NOT_FOUND, SNAPSHOT_NOT_SEALED, WORKLOAD_BUSY, UNAVAILABLE where
     *     snapshot-service gives no answer, or none that can be understood
     */
    public Uni<WorkloadRef> workloadOf(String snapshot) {
        return snapshots
                .get(snapshot)
                .map(entry -> {
                    if (!SEALED.equals(entry.phase())) {
                        throw new OperationFailedException(
                                FailureReason.SNAPSHOT_NOT_SEALED, "Snapshot " + snapshot + " is " + entry.phase());
                    }
                    WorkloadRef workload = new WorkloadRef(entry.namespace(), entry.statefulset());
                    if (entry.workloadLockedBy() != null) {
                        throw new OperationFailedException(
                                FailureReason.WORKLOAD_BUSY, workload + " is locked by " + entry.workloadLockedBy());
                    }
                    return workload;
                })
                .onFailure()
                .transform(failure -> refusal(snapshot, failure));
    }

    private static OperationFailedException refusal(String snapshot, Throwable failure) {
        if (failure instanceof OperationFailedException refused) {
            return refused;
        }
        boolean unknown = failure instanceof WebApplicationException answered
                && answered.getResponse().getStatus() == Response.Status.NOT_FOUND.getStatusCode();
        return unknown
                ? new OperationFailedException(FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot " + snapshot)
                : OperationFailedException.transientFailure(
                        FailureReason.UNAVAILABLE,
                        "snapshot-service cannot say whether snapshot " + snapshot + " may be restored: "
                                + failure.getMessage(),
                        failure);
    }
}
