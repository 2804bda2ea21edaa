package io.memorymachine.snapshot.inbound.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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

import io.quarkus.vertx.VertxContextSupport;
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
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.http.ProgressStream;
import io.memorymachine.http.Streamed;
import io.memorymachine.http.auth.Permissions;
import io.memorymachine.profile.Profiles;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.snapshot.orchestrate.delete.Deletions;
import io.memorymachine.snapshot.orchestrate.take.SnapshotChecks;
import io.memorymachine.snapshot.orchestrate.take.SnapshotProjection;
import io.memorymachine.snapshot.orchestrate.take.SnapshotRequests;
import io.memorymachine.snapshot.orchestrate.verify.Verifications;
import io.memorymachine.snapshot.participant.members.SnapshotTargets;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotRow;
import io.memorymachine.snapshot.store.WorkloadLocks;

import static io.memorymachine.http.auth.Permissions.SNAPSHOTS;

/** Snapshots over HTTP. */
@Path("/api/v1/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "snapshots")
public class SnapshotResource {
    private final SnapshotRequests requests;
    private final SnapshotChecks checks;
    private final Verifications verifications;
    private final Deletions deletions;
    private final SnapshotTargets targets;
    private final Profiles profiles;
    private final Catalogue catalogue;
    private final SnapshotViews views;
    private final WorkloadLocks locks;
    private final SnapshotProjection projection;
    private final SagaEngine engine;
    private final ProgressStream progress;
    private final Mutiny.SessionFactory sessions;
    private final Permissions permissions;

    @Inject
    SnapshotResource(
            SnapshotRequests requests,
            SnapshotChecks checks,
            Verifications verifications,
            Deletions deletions,
            SnapshotTargets targets,
            Profiles profiles,
            Catalogue catalogue,
            SnapshotViews views,
            WorkloadLocks locks,
            SnapshotProjection projection,
            SagaEngine engine,
            ProgressStream progress,
            Mutiny.SessionFactory sessions,
            Permissions permissions) {
        this.requests = requests;
        this.checks = checks;
        this.verifications = verifications;
        this.deletions = deletions;
        this.targets = targets;
        this.profiles = profiles;
        this.catalogue = catalogue;
        this.views = views;
        this.locks = locks;
        this.projection = projection;
        this.engine = engine;
        this.progress = progress;
        this.sessions = sessions;
        this.permissions = permissions;
    }

    /** Begins a snapshot; refused at once, and without any effect, where it cannot be taken. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Take a snapshot of a workload",
            description =
                    "With dryRun=true every check runs, what it sets aside is given back, and no snapshot is taken.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow it under the Location",
            content = @Content(schema = @Schema(implementation = SnapshotView.class)))
    @APIResponse(
            responseCode = "200",
            description = "With dryRun=true: what would come of it, with the first reason against it",
            content = @Content(schema = @Schema(implementation = PlanView.class)))
    @APIResponse(responseCode = "400", description = "INVALID_NAME, INVALID_REQUEST, UNKNOWN_PROFILE, ...")
    @APIResponse(responseCode = "404", description = "WORKLOAD_NOT_FOUND")
    @APIResponse(responseCode = "409", description = "SNAPSHOT_NAME_IN_USE, WORKLOAD_BUSY, MEMBER_DOWN")
    public Uni<Response> create(
            @NotNull @Valid CreateSnapshotRequest request,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun) {
        String name = Names.requireLabel("snapshot", request.name());
        WorkloadRef workload = new WorkloadRef(request.namespace(), request.statefulset());
        ProfileSettings profile = profiles.settings(
                request.profile() == null ? "hazelcast" : request.profile(),
                request.profileOptions(),
                request.maxPause());
        return permissions
                .require("create", SNAPSHOTS, workload.namespace())
                .chain(() -> dryRun
                        ? checks.check(name, workload, profile, request.wantsEncryption())
                                .map(check -> Response.ok(PlanView.of(check)).build())
                        : take(name, workload, profile, request));
    }

    private Uni<Response> take(
            String name, WorkloadRef workload, ProfileSettings profile, CreateSnapshotRequest request) {
        return VertxContextSupport.executeBlocking(() -> targets.complete(workload))
                .chain(() -> requests.accept(
                        UUID.randomUUID(), name, workload, profile, request.wantsEncryption(), null, null))
                .chain(() -> show(name))
                .map(view -> Response.accepted(view).location(location(name)).build());
    }

    /** Lists snapshots by name. */
    @GET
    @Operation(summary = "List snapshots")
    public Uni<SnapshotView.Page> list(
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
                .require("list", SNAPSHOTS, namespace)
                .chain(() -> sessions.withSession(session -> catalogue
                        .list(session, namespace, after, limit + 1)
                        .chain(rows -> views(session, rows.subList(0, Math.min(limit, rows.size())))
                                .map(items -> new SnapshotView.Page(
                                        items,
                                        rows.size() > limit
                                                ? items.get(limit - 1).name()
                                                : null)))));
    }

    /** Shows one snapshot. */
    @GET
    @Path("{name}")
    @Operation(summary = "Show a snapshot")
    public Uni<SnapshotView> get(String name) {
        return permitted(name, "get").chain(() -> show(name));
    }

    private Uni<SnapshotView> show(String name) {
        return sessions.withSession(session -> existing(session, name)
                .chain(row -> locks.holder(session, row.workloadRef()).chain(holder -> view(session, row, holder))));
    }

    /** Deletes a snapshot; deleting one that is being deleted is accepted too. */
    @DELETE
    @Path("{name}")
    @Operation(summary = "Delete a snapshot with its images")
    @APIResponse(responseCode = "202", description = "Accepted; gone when GET answers 404")
    @APIResponse(responseCode = "409", description = "SNAPSHOT_IN_USE by a restore, WORKLOAD_BUSY")
    public Uni<Response> delete(String name) {
        return permitted(name, "delete")
                .chain(() -> deletions.accept(UUID.randomUUID(), name, null, null))
                .map(acceptance -> {
                    if (acceptance == Deletions.Acceptance.NOT_FOUND) {
                        throw notFound(name);
                    }
                    return Response.accepted(Map.of("name", name, "phase", "deleting"))
                            .build();
                });
    }

    /** Cancels a snapshot that is being taken. */
    @POST
    @Path("{name}/cancel")
    @Operation(summary = "Cancel a snapshot that is being taken")
    @APIResponse(responseCode = "202", description = "Accepted; everything is undone, the cluster resumed first")
    @APIResponse(responseCode = "409", description = "NOT_CANCELLABLE")
    public Uni<Response> cancel(String name) {
        return permitted(name, "update")
                .chain(row -> requests.cancel(row.id()))
                .chain(() -> show(name))
                .map(view -> Response.accepted(view).build());
    }

    /** Compares a snapshot's images with their checksums; answered when every file has been read. */
    @POST
    @Path("{name}/verify")
    @Operation(summary = "Compare a snapshot's images with the checksums that they were sealed with")
    @APIResponse(
            responseCode = "200",
            description = "Whether it is whole, and if not, what is wrong",
            content = @Content(schema = @Schema(implementation = VerificationView.class)))
    @APIResponse(responseCode = "404", description = "SNAPSHOT_NOT_FOUND")
    @APIResponse(responseCode = "409", description = "SNAPSHOT_NOT_SEALED")
    public Uni<VerificationView> verify(String name) {
        return permitted(name, "get").chain(verifications::verify).map(VerificationView::of);
    }

    /** Tells the progress from the beginning to the end. */
    @GET
    @Path("{name}/events")
    @Streamed
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Follow a snapshot as server-sent events", description = ProgressStream.DESCRIPTION)
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

    /** The snapshot, with which the caller may do this. */
    private Uni<SnapshotRow> permitted(String name, String verb) {
        return sessions.withSession(session -> existing(session, name))
                .call(row ->
                        permissions.require(verb, SNAPSHOTS, row.workloadRef().namespace()));
    }

    private Uni<SnapshotRow> existing(Mutiny.Session session, String name) {
        return catalogue.find(session, name).onItem().ifNull().failWith(() -> notFound(name));
    }

    private Uni<SnapshotView> view(Mutiny.Session session, SnapshotRow row, String lockedBy) {
        return engine.find(session, projection, row.id()).map(saga -> views.view(row, saga, lockedBy));
    }

    private Uni<List<SnapshotView>> views(Mutiny.Session session, List<SnapshotRow> rows) {
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUniAndConcatenate(row -> view(session, row, null))
                .collect()
                .asList();
    }

    private static OperationFailedException notFound(String name) {
        String shown = name.length() > 63 ? name.substring(0, 63) + "..." : name;
        return new OperationFailedException(FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot " + shown);
    }

    private static URI location(String name) {
        return URI.create("/api/v1/snapshots/" + name);
    }
}
