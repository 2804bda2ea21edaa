package io.memorymachine.restore.inbound.http;

import java.net.URI;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import io.memorymachine.contract.workload.Names;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.http.Problem;
import io.memorymachine.http.ProgressStream;
import io.memorymachine.http.Streamed;
import io.memorymachine.http.auth.Permissions;
import io.memorymachine.restore.inbound.http.snapshots.SealedSnapshots;
import io.memorymachine.restore.orchestrate.RestoreChecks;
import io.memorymachine.restore.orchestrate.RestoreProjection;
import io.memorymachine.restore.orchestrate.RestoreRequests;
import io.memorymachine.restore.store.RestoreRow;
import io.memorymachine.restore.store.Restores;
import io.memorymachine.saga.engine.SagaEngine;

import static io.memorymachine.http.auth.Permissions.RESTORES;

/** Restores over HTTP. */
@Path("/api/v1/restores")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "restores", description = "Workloads brought back from snapshots")
public class RestoreResource {
    private final RestoreRequests requests;
    private final RestoreChecks checks;
    private final SealedSnapshots snapshots;
    private final Restores restores;
    private final RestoreProjection projection;
    private final SagaEngine engine;
    private final ProgressStream progress;
    private final Mutiny.SessionFactory sessions;
    private final Permissions permissions;

    @Inject
    RestoreResource(
            RestoreRequests requests,
            RestoreChecks checks,
            SealedSnapshots snapshots,
            Restores restores,
            RestoreProjection projection,
            SagaEngine engine,
            ProgressStream progress,
            Mutiny.SessionFactory sessions,
            Permissions permissions) {
        this.requests = requests;
        this.checks = checks;
        this.snapshots = snapshots;
        this.restores = restores;
        this.projection = projection;
        this.engine = engine;
        this.progress = progress;
        this.sessions = sessions;
        this.permissions = permissions;
    }

    /** Begins a restore; refused at once, and without any effect, where it cannot succeed. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Bring a workload back from a snapshot",
            description = "With dryRun=true every check up to the safety snapshot runs, and no restore begins.")
    @APIResponse(
            responseCode = "200",
            description = "With dryRun=true: what would come of it, with the first reason against it",
            content = @Content(schema = @Schema(implementation = PlanView.class)))
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow it under the Location",
            content = @Content(schema = @Schema(implementation = RestoreView.class)))
    @APIResponse(
            responseCode = "400",
            description = "INVALID_NAME, INVALID_REQUEST",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "SNAPSHOT_NOT_FOUND",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "RESTORE_NAME_IN_USE, SNAPSHOT_NOT_SEALED, WORKLOAD_BUSY",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "UNAVAILABLE: snapshot-service does not answer",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> create(
            @NotNull @Valid CreateRestoreRequest request, @QueryParam("dryRun") @DefaultValue("false") boolean dryRun) {
        String name = RestoreRequests.name(request.name(), request.snapshot());
        Uni<WorkloadRef> permitted = snapshots
                .workloadOf(request.snapshot())
                .call(workload -> permissions.require("create", RESTORES, workload.namespace()));
        if (dryRun) {
            return permitted
                    .chain(workload -> checks.check(name, request.snapshot(), request.wantsSafetySnapshot()))
                    .map(check -> Response.ok(PlanView.of(check)).build());
        }
        return permitted
                .chain(workload -> requests.accept(
                        UUID.randomUUID(), name, request.snapshot(), request.wantsSafetySnapshot(), workload, null))
                .chain(() -> show(name))
                .map(view -> Response.accepted(view).location(location(name)).build());
    }

    /** Lists restores by name. */
    @GET
    @Operation(
            summary = "List restores",
            description =
                    "With a namespace, only those of its workloads; one that has not found its workload yet is of none.")
    public Uni<RestoreView.Page> list(
            @QueryParam("namespace") String namespace,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit,
            @QueryParam("continue") String after) {
        if (namespace != null) {
            Names.requireLabel("namespace", namespace);
        }
        if (after != null) {
            Names.requireLabel("value of continue", after);
        }
        return permissions
                .require("list", RESTORES, namespace)
                .chain(() -> sessions.withSession(session -> restores.list(session, namespace, after, limit + 1)
                        .chain(rows -> views(session, rows.subList(0, Math.min(limit, rows.size())))
                                .map(items -> new RestoreView.Page(
                                        items,
                                        rows.size() > limit
                                                ? items.get(limit - 1).name()
                                                : null)))));
    }

    /** Shows one restore. */
    @GET
    @Path("{name}")
    @Operation(summary = "Show a restore")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = RestoreView.class)))
    @APIResponse(
            responseCode = "404",
            description = "RESTORE_NOT_FOUND",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<RestoreView> get(String name) {
        return permitted(name, "get").chain(() -> show(name));
    }

    private Uni<RestoreView> show(String name) {
        return sessions.withSession(session -> existing(session, name).chain(row -> view(session, row)));
    }

    /** Cancels a restore; cancelling one that is cancelled is accepted too. */
    @POST
    @Path("{name}/cancel")
    @Operation(
            summary = "Cancel a restore",
            description = "Possible until the restored members are let run. Where members are gone already, what ran"
                    + " before is put back.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; everything is being undone",
            content = @Content(schema = @Schema(implementation = RestoreView.class)))
    @APIResponse(
            responseCode = "404",
            description = "RESTORE_NOT_FOUND",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "NOT_CANCELLABLE",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> cancel(String name) {
        return permitted(name, "update")
                .chain(row -> requests.cancel(row.id()))
                .chain(() -> show(name))
                .map(view -> Response.accepted(view).build());
    }

    /** Tells the progress from the beginning to the end. */
    @GET
    @Path("{name}/events")
    @Streamed
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Follow a restore as server-sent events", description = ProgressStream.DESCRIPTION)
    @APIResponse(responseCode = "200", description = "The stream; it ends when the restore has ended")
    @APIResponse(
            responseCode = "404",
            description = "RESTORE_NOT_FOUND",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Multi<OutboundSseEvent> events(String name, Sse sse) {
        return sessions.withSession(session -> existing(session, name))
                .onItem()
                .transformToMulti(row -> progress.stream(sse, projection, row.id(), () -> show(name)));
    }

    /** A stream has answered 200 before its first event, so what does not exist is refused before the stream begins. */
    @ServerRequestFilter
    @Streamed
    public Uni<Void> refuseToStreamNothing(UriInfo uri) {
        String name = uri.getPathParameters().getFirst("name");
        return permitted(name, "get").replaceWithVoid();
    }

    /** The restore, with which the caller may do this; where its workload is not known yet, who may do it everywhere. */
    private Uni<RestoreRow> permitted(String name, String verb) {
        return sessions.withSession(session -> existing(session, name))
                .call(row -> permissions.require(
                        verb,
                        RESTORES,
                        row.workloadRef() == null ? null : row.workloadRef().namespace()));
    }

    private Uni<RestoreRow> existing(Mutiny.Session session, String name) {
        return restores.find(session, name).onItem().ifNull().failWith(() -> notFound(name));
    }

    private Uni<RestoreView> view(Mutiny.Session session, RestoreRow row) {
        return engine.find(session, projection, row.id()).map(saga -> RestoreView.of(row, saga));
    }

    private Uni<List<RestoreView>> views(Mutiny.Session session, List<RestoreRow> rows) {
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUniAndConcatenate(row -> view(session, row))
                .collect()
                .asList();
    }

    private static OperationFailedException notFound(String name) {
        String shown = name.length() > 63 ? name.substring(0, 63) + "..." : name;
        return new OperationFailedException(FailureReason.RESTORE_NOT_FOUND, "There is no restore " + shown);
    }

    private static URI location(String name) {
        return URI.create("/api/v1/restores/" + name);
    }
}
