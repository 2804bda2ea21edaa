package io.memorymachine.http;

import java.io.CharConversionException;
import java.util.Objects;
import java.util.stream.Collectors;

import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.runtime.Outages;

/** Turns whatever a resource throws into a problem document; never a stack trace. */
public final class ProblemMappers {
    /** What a caller without a valid token is told. */
    public static final String TOKEN_WANTED = "Send the service's token in the header Authorization: Bearer <token>";

    /** The one challenge (RFC 6750). */
    public static final String BEARER = "Bearer";

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** A refusal that the product foresees. */
    @ServerExceptionMapper
    public Response refusal(OperationFailedException refused, UriInfo uri) {
        return answer(refused.reason(), refused.getMessage(), uri);
    }

    /** A field that breaks its constraint. */
    @ServerExceptionMapper
    public Response violation(ConstraintViolationException violated, UriInfo uri) {
        String detail = violated.getConstraintViolations().stream()
                .map(violation -> lastNode(violation.getPropertyPath().toString()) + " " + violation.getMessage())
                .sorted()
                .collect(Collectors.joining("; "));
        return answer(FailureReason.INVALID_REQUEST, detail, uri);
    }

    /** A body that is no JSON, or not of the expected form. */
    @ServerExceptionMapper
    public Response malformed(JsonProcessingException malformed, UriInfo uri) {
        for (Throwable cause = malformed; cause != null; cause = cause.getCause()) {
            if (cause instanceof OperationFailedException refused) {
                return refusal(refused, uri);
            }
        }
        return answer(FailureReason.INVALID_REQUEST, whereItIsMalformed(malformed), uri);
    }

    /** A body in no encoding that JSON may have. */
    @ServerExceptionMapper
    public Response undecodable(CharConversionException undecodable, UriInfo uri) {
        return answer(FailureReason.INVALID_REQUEST, "The body is no text", uri);
    }

    /** As {@link #malformed}; named, since Quarkus has a mapper of its own for this very class. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException mismatched, UriInfo uri) {
        return malformed(mismatched, uri);
    }

    /** What JAX-RS itself refuses: unknown paths, methods and media types. */
    @ServerExceptionMapper
    public Response webApplication(WebApplicationException refused, UriInfo uri) {
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException malformed) {
                return malformed(malformed, uri);
            }
        }
        int status = refused.getResponse().getStatus();
        FailureReason reason = status >= 500
                ? FailureReason.INTERNAL
                : status == 413 ? FailureReason.PAYLOAD_TOO_LARGE : FailureReason.INVALID_REQUEST;
        Problem ofReason = Problem.of(reason, refused.getMessage(), uri.getPath());
        Problem problem =
                new Problem(ofReason.type(), ofReason.title(), status, ofReason.detail(), ofReason.instance(), reason);
        return Response.status(status).type(Problem.MEDIA_TYPE).entity(problem).build();
    }

    /** A caller whose token is not valid, or of whom that cannot be told now. */
    @ServerExceptionMapper
    public Response unauthenticated(AuthenticationFailedException refused, UriInfo uri) {
        if (refused.getCause() instanceof OperationFailedException unknown) {
            return refusal(unknown, uri);
        }
        return challenge(uri);
    }

    /** A caller who sent no token, where one is asked for by the resource itself. */
    @ServerExceptionMapper
    public Response unauthenticated(UnauthorizedException refused, UriInfo uri) {
        return challenge(uri);
    }

    /** A caller who is known and may not do this. */
    @ServerExceptionMapper
    public Response forbidden(ForbiddenException refused, UriInfo uri) {
        return answer(FailureReason.FORBIDDEN, "The token's owner may not do this", uri);
    }

    /**
     * A backing service that is away: one line in the log. Anything else is a defect: logged with its stack, answered
     * without.
     */
    @ServerExceptionMapper
    public Response unforeseen(Exception defect, UriInfo uri) {
        if (Outages.isOutage(defect)) {
            LOG.warnf("%s is refused, since a backing service is away: %s", uri.getPath(), defect);
            return answer(FailureReason.UNAVAILABLE, "A backing service does not answer: try again later", uri);
        }
        LOG.errorf(defect, "Unforeseen failure of %s", uri.getPath());
        return answer(FailureReason.INTERNAL, "See the service's log", uri);
    }

    private static Response challenge(UriInfo uri) {
        return Response.fromResponse(answer(FailureReason.UNAUTHENTICATED, TOKEN_WANTED, uri))
                .header(HttpHeaders.WWW_AUTHENTICATE, BEARER)
                .build();
    }

    private static Response answer(FailureReason reason, String detail, UriInfo uri) {
        return Response.status(reason.httpStatus())
                .type(Problem.MEDIA_TYPE)
                .entity(Problem.of(reason, detail, uri.getPath()))
                .build();
    }

    /** Jackson's own messages name classes. */
    private static String whereItIsMalformed(JsonProcessingException malformed) {
        if (malformed instanceof JsonMappingException mapping) {
            String field = mapping.getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."));
            return field.isEmpty()
                    ? "The body does not have the expected form"
                    : "The field " + field + " does not have the expected form";
        }
        JsonLocation at = malformed.getLocation();
        return at == null
                ? "The body is no JSON"
                : "The body is no JSON: line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String lastNode(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
