package io.memorymachine.restore.inbound.http.snapshots;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** What is needed of snapshot-service's HTTP interface. */
@RegisterRestClient(configKey = "snapshot-service")
@RegisterProvider(OwnToken.class)
@Path("/api/v1/snapshots")
interface SnapshotsApi {
    @GET
    @Path("{name}")
    Uni<Entry> get(@PathParam("name") String name);

    /** The part of a snapshot's view that matters here. */
    record Entry(String namespace, String statefulset, String phase, String workloadLockedBy) {}
}
