package io.memorymachine.contract.license;

import java.time.Instant;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.failure.Failure;

/** What license-service tells everybody. */
public sealed interface LicenseFact extends Fact {
    /** A licence was installed. */
    @TypeId("license.installed.v1")
    record Installed(String licenseId, String holder, Instant expires) implements LicenseFact {}

    /** The licence expires soon. */
    @TypeId("license.expiring.v1")
    record Expiring(String licenseId, String holder, Instant expires) implements LicenseFact {}

    /** The licence that is installed does not hold (any more). */
    @TypeId("license.invalid.v1")
    record Invalid(String licenseId, Failure failure) implements LicenseFact {}
}
