package io.memorymachine.contract.envelope;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The wire id of a message, the CloudEvents {@code type} without the {@link #PREFIX}: {@code participant.verb.vN}. It is
 * independent of the class's name and never reused; an incompatible change gets a new version beside the old one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface TypeId {
    /** Prepended on the wire, so that types are unique beyond this product (CloudEvents 1.0, section "type"). */
    String PREFIX = "io.memorymachine.";

    /** For example {@code pmem.capture.v1}. */
    String value();
}
