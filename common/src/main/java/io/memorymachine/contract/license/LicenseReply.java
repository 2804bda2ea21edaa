package io.memorymachine.contract.license;

import java.time.Instant;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;

/** What license-service answers. */
public sealed interface LicenseReply extends Reply {
    /** The operation is covered until the given time. */
    @TypeId("license.authorized.v1")
    record Authorized(String operation, String holder, Instant until) implements LicenseReply {}

    /** The operation holds no lease any more. */
    @TypeId("license.released.v1")
    record Released(String operation) implements LicenseReply {}
}
