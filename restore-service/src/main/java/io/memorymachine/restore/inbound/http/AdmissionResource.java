package io.memorymachine.restore.inbound.http;

import java.util.Optional;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import org.eclipse.microprofile.openapi.annotations.Operation;

import io.memorymachine.restore.admission.Admission;

/** The admission webhook for pods; there on Kubernetes only, and over TLS only. */
@Path("/admission/pods")
public class AdmissionResource {
    private final Optional<Admission> admission;

    @Inject
    AdmissionResource(Optional<Admission> admission) {
        this.admission = admission;
    }

    /** Answers an AdmissionReview with one that carries a JSON patch. */
    @POST
    @Blocking
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public JsonNode review(JsonNode review, HttpServerRequest request) {
        if (!request.isSSL()) {
            throw new NotFoundException("Ask over TLS");
        }
        return admission
                .orElseThrow(() -> new NotFoundException("There are no pods here"))
                .review(review);
    }
}
