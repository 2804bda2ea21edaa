package io.memorymachine.restore.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotHeld;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotTaken;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** snapshot-service: a catalogue with holds, over HTTP and by command. A snapshot's id is what its images hold. */
@ApplicationScoped
public class FakeSnapshots {
    /** The heap of each member in an image. */
    public static final long HEAP = 1L << 29;

    /** What an image holds beside the heap. */
    public static final long BESIDE_THE_HEAP = 50;

    private static final ProfileSettings PROFILE = new ProfileSettings(FakeProfile.NAME, true, Duration.ofSeconds(30));

    private final Map<String, SnapshotManifest> sealed = new ConcurrentHashMap<>();
    private final Map<WorkloadRef, String> lockedBy = new ConcurrentHashMap<>();
    private final Map<String, WorkloadRef> running = new ConcurrentHashMap<>();
    private final Map<String, HoldSnapshot> holds = new ConcurrentHashMap<>();
    private final FakePlatform platform;
    private final URI address;
    private HttpServer server;
    private volatile int answersWith;
    private volatile String token;

    @Inject
    FakeSnapshots(FakePlatform platform, @ConfigProperty(name = "mm.snapshot-service.url") URI address) {
        this.platform = platform;
        this.address = address;
    }

    void onStart(@Observes StartupEvent started) {
        try {
            server = HttpServer.create(new InetSocketAddress(address.getHost(), address.getPort()), 0);
            server.createContext("/api/v1/snapshots/", this::show);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void onStop(@Observes ShutdownEvent stopped) {
        server.stop(0);
    }

    /** There is a sealed snapshot of a workload with so many members; returns what its images hold. */
    public String has(String name, WorkloadRef workload, int members) {
        FakeCluster captured = new FakeCluster(workload, members, "");
        String id = UUID.randomUUID().toString();
        sealed.put(name, manifest(id, name, workload, captured.describe().members()));
        return id;
    }

    /** The manifest of a sealed snapshot does not name the image of its last member any more. */
    public void losesAnImage(String name) {
        sealed.computeIfPresent(
                name,
                (any, whole) -> new SnapshotManifest(
                        whole.snapshotId(),
                        whole.name(),
                        whole.workload(),
                        whole.profile(),
                        whole.clusterState(),
                        whole.frozenAt(),
                        whole.sealedAt(),
                        whole.members(),
                        whole.images().subList(0, whole.images().size() - 1),
                        whole.encrypted()));
    }

    /** Another operation works on the workload, or none does any more (null). */
    public void isLockedBy(WorkloadRef workload, String operation) {
        if (operation == null) {
            lockedBy.remove(workload);
        } else {
            lockedBy.put(workload, operation);
        }
    }

    /** There is a snapshot that is being taken. */
    public void isTaking(String name, WorkloadRef workload) {
        running.put(name, workload);
    }

    /** HTTP requests are answered with this status from now on; 0 for as it should be, -1 for not at all. */
    public void answersWith(int status) {
        answersWith = status;
    }

    /** HTTP requests need this token from now on; null for none. */
    public void asksFor(String wanted) {
        token = wanted;
    }

    /** Whether there is a sealed snapshot of this name. */
    public boolean exists(String name) {
        return sealed.containsKey(name);
    }

    /** Whether a restore holds a snapshot. */
    public boolean isHeldBy(String restoreId) {
        return holds.containsKey(restoreId);
    }

    Reply hold(HoldSnapshot command) {
        SnapshotManifest manifest = sealed.get(command.name());
        if (manifest == null) {
            throw new OperationFailedException(
                    FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot " + command.name());
        }
        holds.values().stream()
                .filter(other -> !other.restoreId().equals(command.restoreId())
                        && sealed.get(other.name()).workload().equals(manifest.workload()))
                .findAny()
                .ifPresent(other -> {
                    throw new OperationFailedException(
                            FailureReason.WORKLOAD_BUSY,
                            manifest.workload() + " is locked by restore " + other.restoreName());
                });
        holds.put(command.restoreId(), command);
        return new SnapshotHeld(command.restoreId(), manifest);
    }

    Reply unhold(UnholdSnapshot command) {
        holds.remove(command.restoreId());
        return new SnapshotUnheld(command.restoreId());
    }

    Reply take(RequestSnapshot command) {
        FakeCluster cluster = platform.cluster(command.workload());
        if (cluster.describe().members().size() < cluster.describe().replicas()) {
            throw new OperationFailedException(FailureReason.MEMBER_DOWN, "Not all members are running");
        }
        SnapshotManifest taken = manifest(
                cluster.contents().get(0),
                command.name(),
                command.workload(),
                cluster.describe().members());
        sealed.put(command.name(), taken);
        return new SnapshotTaken(taken);
    }

    Reply delete(DeleteSnapshot command) {
        sealed.remove(command.name());
        return new SnapshotDeleted(command.name());
    }

    private static SnapshotManifest manifest(
            String id, String name, WorkloadRef workload, List<MemberPlacement> members) {
        List<SealedImage> images = members.stream()
                .map(member -> new SealedImage(
                        member.member(),
                        member.node(),
                        "sha256:abc",
                        "00ff",
                        HEAP,
                        HEAP + 100,
                        100,
                        BESIDE_THE_HEAP,
                        7,
                        CaptureMode.CLONE))
                .toList();
        Instant now = Instant.now();
        return new SnapshotManifest(id, name, workload, PROFILE, "ACTIVE", now, now, members, images, false);
    }

    private void show(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring("/api/v1/snapshots/".length());
            if (answersWith == -1) {
                return;
            }
            String sent = exchange.getRequestHeaders().getFirst("Authorization");
            if (token != null && !("Bearer " + token).equals(sent)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (answersWith != 0) {
                exchange.sendResponseHeaders(answersWith, -1);
            } else if (sealed.containsKey(name)) {
                entry(
                        exchange,
                        sealed.get(name).workload(),
                        "sealed",
                        lockedBy.get(sealed.get(name).workload()));
            } else if (running.containsKey(name)) {
                entry(exchange, running.get(name), "running", "snapshot " + name);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void entry(HttpExchange exchange, WorkloadRef workload, String phase, String lockedBy)
            throws IOException {
        String locked = lockedBy == null ? "" : ",\"workloadLockedBy\":\"" + lockedBy + "\"";
        byte[] body = """
                {"id":"x","namespace":"%s","statefulset":"%s","phase":"%s","members":[]%s}""".formatted(workload.namespace(), workload.name(), phase, locked)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
