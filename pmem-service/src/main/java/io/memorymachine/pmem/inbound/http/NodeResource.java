package io.memorymachine.pmem.inbound.http;

import java.util.List;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.memorymachine.contract.pmem.PmemFact.UsageReported;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.http.auth.Permissions;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.member.HeapMapping;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.publish.UsageReports;

import static io.memorymachine.http.auth.Permissions.NODES;

/** What is on this node, over HTTP. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "node")
public class NodeResource {
    private final UsageReports usage;
    private final NodePlatform platform;
    private final NodeMembers members;
    private final Permissions permissions;

    @Inject
    NodeResource(UsageReports usage, NodePlatform platform, NodeMembers members, Permissions permissions) {
        this.usage = usage;
        this.platform = platform;
        this.members = members;
        this.permissions = permissions;
    }

    /** The volume's usage, in bytes. */
    @GET
    @Path("usage")
    @Operation(summary = "Show how full this node's pmem volume is")
    public Uni<UsageReported> usage() {
        return permissions.require("get", NODES, null).chain(usage::now);
    }

    /** The members that run here. */
    @GET
    @Path("members")
    @Operation(summary = "List the members on this node")
    public Uni<MemberList> members() {
        return permissions
                .require("get", NODES, null)
                .chain(() -> VertxContextSupport.executeBlocking(() -> new MemberList(
                        platform.members().stream().map(this::view).toList())));
    }

    private MemberView view(MemberPlacement member) {
        Long pid = null;
        boolean onVolume = false;
        Long heapBytes = null;
        String problem = null;
        try {
            MemberProcess process = members.process(member);
            pid = process.pid();
            onVolume = process.heap().isPresent();
            heapBytes = process.heap().map(HeapMapping::bytes).orElse(null);
        } catch (OperationFailedException down) {
            problem = down.reason() + ": " + down.getMessage();
        }
        return new MemberView(
                member.member().workload().namespace(),
                member.member().workload().name(),
                member.member().pod(),
                member.node(),
                member.address(),
                member.dnsName(),
                pid,
                onVolume,
                heapBytes,
                problem);
    }

    /** All members of the node. */
    public record MemberList(List<MemberView> items) {}

    /**
     * One member.
     *
     * @param pid on the node; null where no application runs
     * @param heapBytes the heap on the volume, or null where there is none
     * @param problem why it cannot be captured, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberView(
            String namespace,
            String statefulset,
            String pod,
            String node,
            String ip,
            String dnsName,
            Long pid,
            boolean heapOnVolume,
            Long heapBytes,
            String problem) {}
}
