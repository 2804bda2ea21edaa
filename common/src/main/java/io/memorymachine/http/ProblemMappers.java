package io.memorymachine.http;

import java.io.CharConversionException;
import java.util.Objects;
import java.util.stream.Collectors;

import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** Turns whatever a resource throws into a problem document; never a stack trace. */
public final class ProblemMappers {
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

    /** A defect: logged with its stack, answered without. */
    @ServerExceptionMapper
    public Response unforeseen(RuntimeException defect, UriInfo uri) {
        LOG.errorf(defect, "Unforeseen failure of %s", uri.getPath());
        return answer(FailureReason.INTERNAL, "See the service's log", uri);
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
