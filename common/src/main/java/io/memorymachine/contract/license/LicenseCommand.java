package io.memorymachine.contract.license;

import java.time.Duration;
import java.util.List;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.TypeId;

/** What license-service is ordered to do. */
public sealed interface LicenseCommand extends Command {
    /**
     * Asks whether an operation is covered and takes out a lease on it; answered by {@link LicenseReply.Authorized}.
     *
     * @param operation the operation's id: the lease's id, so that a repetition finds the lease
     * @param feature the licensed feature: {@code snapshot} or {@code restore}
     * @param nodes the nodes that take part
     * @param pmemBytes persistent memory that the operation adds, in bytes; 0 or more
     * @param leaseFor how long the lease lasts if nobody releases it
     */
    @TypeId("license.authorize.v1")
    record AuthorizeOperation(String operation, String feature, List<String> nodes, long pmemBytes, Duration leaseFor)
            implements LicenseCommand {}

    /** Gives a lease back; answered by {@link LicenseReply.Released}, also where there is none. */
    @TypeId("license.release.v1")
    record ReleaseAuthorization(String operation) implements LicenseCommand {}
}
