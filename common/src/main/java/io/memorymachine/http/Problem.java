package io.memorymachine.http;

import java.net.URI;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.memorymachine.failure.FailureReason;

/**
 * An error as RFC 9457 has it, with the stable reason code as an extension member.
 *
 * @param type identifies the kind of problem: a relative reference into the documentation, one for each reason
 * @param instance the path of the request
 * @param reason the stable code to match on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(URI type, String title, int status, String detail, String instance, FailureReason reason) {
    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The problem of a reason. */
    public static Problem of(FailureReason reason, String detail, String instance) {
        URI type = URI.create(
                "/docs/problems#" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return new Problem(type, reason.title(), reason.httpStatus(), detail, instance, reason);
    }
}
