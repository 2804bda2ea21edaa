package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemCommand.UnguardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized.MaterializedMember;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.restore.RestoreCommand.AwaitWhole;
import io.memorymachine.contract.restore.RestoreCommand.FindTargets;
import io.memorymachine.contract.restore.RestoreCommand.RecreateMembers;
import io.memorymachine.contract.restore.RestoreCommand.ResolveNames;
import io.memorymachine.contract.restore.RestoreCommand.RestartMembers;
import io.memorymachine.contract.restore.RestoreReply.MembersRecreated;
import io.memorymachine.contract.restore.RestoreReply.NamesResolved;
import io.memorymachine.contract.restore.RestoreReply.TargetsFound;
import io.memorymachine.contract.restore.RestoreReply.WorkloadWhole;
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
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.saga.definition.Dispatch;

/** The restore of the snapshot {@code monday} of a cluster of three members on two nodes: each step's messages, whole. */
final class HzRestore {
    static final UUID ID = UUID.fromString("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    static final Instant FROZEN = Instant.parse("2026-01-03T23:59:50Z");
    static final Instant DESTROYED = Instant.parse("2026-01-05T10:00:10Z");
    static final Instant RELEASED = Instant.parse("2026-01-05T10:00:12Z");
    static final Instant RELEASED_LAST = Instant.parse("2026-01-05T10:00:12.000250Z");
    static final Instant ACTIVE = Instant.parse("2026-01-05T10:00:13Z");
    static final WorkloadRef HZ = new WorkloadRef("demo", "hz");

    private static final String RESTORE = ID.toString();
    private static final String ROLLBACK = RESTORE + "-rollback";
    private static final String SAFETY_NAME = "safety-" + RESTORE;
    private static final ProfileSettings PROFILE = new ProfileSettings("hazelcast", true, Duration.ofSeconds(30));

    static final List<MemberPlacement> CAPTURED = incarnation("captured", "10.0.0.");
    static final List<MemberPlacement> OLD = incarnation("old", "10.0.1.");
    static final List<MemberPlacement> NEW = incarnation("new", "10.0.2.");
    static final List<MemberPlacement> ROLLED_BACK = incarnation("rolled-back", "10.0.3.");
    static final List<MemberPlacement> RESTARTED = incarnation("restarted", "10.0.4.");

    static final SnapshotManifest MONDAY = manifest("11111111-0000-4000-8000-000000000000", "monday", CAPTURED);
    static final SnapshotManifest SAFETY = manifest("22222222-0000-4000-8000-000000000000", SAFETY_NAME, OLD);

    private HzRestore() {}

    static RestoreData asked(boolean safety) {
        return RestoreData.requested(RESTORE, "back-to-monday", "monday", safety);
    }

    /** The exchanges of a step, in the order in which its commands are sent. */
    static List<Exchange> exchanges(String step, boolean safety) {
        return switch (step) {
            case "hold-snapshot" ->
                one(
                        Topics.SNAPSHOT_COMMANDS,
                        new HoldSnapshot("monday", RESTORE, "back-to-monday"),
                        new SnapshotHeld(RESTORE, MONDAY));
            case "find-targets" ->
                one(Topics.RESTORE_COMMANDS, new FindTargets(HZ, 3, MONDAY.images()), new TargetsFound(OLD));
            case "authorize" ->
                one(
                        Topics.LICENSE_COMMANDS,
                        new AuthorizeOperation(RESTORE, "restore", List.of("node-a", "node-b"), 0, Duration.ofHours(1)),
                        new Authorized(RESTORE, "ACME", RELEASED));
            case "verify" ->
                eachNode(
                        node -> new VerifyImages(
                                node,
                                MONDAY.snapshotId(),
                                MONDAY.images().stream()
                                        .filter(image -> image.node().equals(node))
                                        .toList(),
                                OLD),
                        node -> new ImagesVerified(node, MONDAY.snapshotId(), 1000));
            case "safety-snapshot" ->
                one(
                        Topics.SNAPSHOT_COMMANDS,
                        new RequestSnapshot(SAFETY_NAME, HZ, PROFILE, true, RESTORE),
                        new SnapshotTaken(SAFETY));
            case "recreate" ->
                one(
                        Topics.RESTORE_COMMANDS,
                        new RecreateMembers(RESTORE, HZ, 3, RestoreData.nodes(MONDAY)),
                        new MembersRecreated(RESTORE, NEW, DESTROYED));
            case "materialize" -> materialize(RESTORE, MONDAY, NEW);
            case "resolve-names" -> resolve(RESTORE, NEW);
            case "release" -> release(RESTORE, NEW);
            case "await-whole" -> awaitWhole(RESTORE, NEW);
            case "tidy-up" -> tidyUp(safety);
            default -> undoing(step);
        };
    }

    private static List<Exchange> undoing(String step) {
        return switch (step) {
            case "unhold-snapshot" -> List.of(unhold());
            case "return-license" -> List.of(returnLicense());
            case "discard-safety-snapshot" -> List.of(discardSafety());
            case "abandon" ->
                eachNode(
                        node -> new AbandonOperation(node, RESTORE, on(node, NEW)),
                        node -> new OperationAbandoned(node, RESTORE));
            case "rollback-recreate" ->
                one(
                        Topics.RESTORE_COMMANDS,
                        new RecreateMembers(ROLLBACK, HZ, 3, RestoreData.nodes(SAFETY)),
                        new MembersRecreated(ROLLBACK, ROLLED_BACK, DESTROYED));
            case "rollback-materialize" -> materialize(ROLLBACK, SAFETY, ROLLED_BACK);
            case "rollback-resolve-names" -> resolve(ROLLBACK, ROLLED_BACK);
            case "rollback-release" -> release(ROLLBACK, ROLLED_BACK);
            case "rollback-await-whole" -> awaitWhole(ROLLBACK, ROLLED_BACK);
            case "rollback-unguard" -> unguard(ROLLBACK);
            case "restart-members" ->
                one(
                        Topics.RESTORE_COMMANDS,
                        new RestartMembers(RESTORE + "-restart", HZ, 3),
                        new MembersRecreated(RESTORE + "-restart", RESTARTED, DESTROYED));
            default -> throw new IllegalArgumentException("no step " + step);
        };
    }

    private static List<Exchange> materialize(String operation, SnapshotManifest from, List<MemberPlacement> into) {
        return eachNode(
                node -> new MaterializeMembers(node, operation, from.snapshotId(), on(node, into)),
                node -> new MembersMaterialized(
                        node,
                        operation,
                        on(node, into).stream()
                                .map(member -> new MaterializedMember(
                                        member.member(), 1000 + member.member().ordinal()))
                                .toList()));
    }

    private static List<Exchange> resolve(String operation, List<MemberPlacement> members) {
        return one(
                Topics.RESTORE_COMMANDS,
                new ResolveNames(operation, HZ, members),
                new NamesResolved(operation, DESTROYED));
    }

    private static List<Exchange> release(String operation, List<MemberPlacement> members) {
        return eachNode(
                node -> new ReleaseMembers(
                        node, operation, on(node, members), new QuiesceGuard(PROFILE, "ACTIVE", members)),
                node -> new MembersReleased(node, operation, node.equals("node-a") ? RELEASED_LAST : RELEASED));
    }

    private static List<Exchange> awaitWhole(String operation, List<MemberPlacement> members) {
        return one(
                Topics.RESTORE_COMMANDS,
                new AwaitWhole(operation, HZ, PROFILE, "ACTIVE", FROZEN, members),
                new WorkloadWhole(operation, "ACTIVE", 3, ACTIVE));
    }

    private static List<Exchange> tidyUp(boolean safety) {
        List<Exchange> exchanges = new ArrayList<>(List.of(returnLicense(), unhold()));
        exchanges.addAll(unguard(RESTORE));
        if (safety) {
            exchanges.add(0, discardSafety());
        }
        return exchanges;
    }

    private static List<Exchange> unguard(String operation) {
        return Stream.of("node-a", "node-b")
                .map(node -> Exchange.of(
                        "guard on " + node,
                        Topics.PMEM_COMMANDS,
                        new UnguardQuiesce(node, operation),
                        new QuiesceUnguarded(node, operation)))
                .toList();
    }

    private static Exchange unhold() {
        return Exchange.of("hold", Topics.SNAPSHOT_COMMANDS, new UnholdSnapshot(RESTORE), new SnapshotUnheld(RESTORE));
    }

    private static Exchange returnLicense() {
        return Exchange.of(
                "license", Topics.LICENSE_COMMANDS, new ReleaseAuthorization(RESTORE), new Released(RESTORE));
    }

    private static Exchange discardSafety() {
        return Exchange.of(
                "safety",
                Topics.SNAPSHOT_COMMANDS,
                new DeleteSnapshot(SAFETY_NAME, RESTORE),
                new SnapshotDeleted(SAFETY_NAME));
    }

    private static List<Exchange> one(String topic, Command command, Reply reply) {
        return List.of(Exchange.of(Dispatch.ANY, topic, command, reply));
    }

    private static List<Exchange> eachNode(Function<String, Command> command, Function<String, Reply> reply) {
        return Stream.of("node-a", "node-b")
                .map(node -> Exchange.of(node, Topics.PMEM_COMMANDS, command.apply(node), reply.apply(node)))
                .toList();
    }

    private static List<MemberPlacement> on(String node, List<MemberPlacement> members) {
        return members.stream().filter(member -> member.node().equals(node)).toList();
    }

    private static List<MemberPlacement> incarnation(String incarnation, String network) {
        return Stream.of(0, 1, 2)
                .map(ordinal -> new MemberPlacement(
                        new MemberRef(HZ, ordinal),
                        ordinal < 2 ? "node-a" : "node-b",
                        incarnation + "-" + ordinal,
                        network + ordinal,
                        "hz-" + ordinal + ".hz",
                        "sha256:abc"))
                .toList();
    }

    private static SnapshotManifest manifest(String id, String name, List<MemberPlacement> members) {
        List<SealedImage> images = members.stream()
                .map(member -> new SealedImage(
                        member.member(), member.node(), "sha256:abc", "00ff", 500, 600, 100, 50, 7, CaptureMode.CLONE))
                .toList();
        return new SnapshotManifest(
                id, name, HZ, PROFILE, "ACTIVE", FROZEN, Instant.parse("2026-01-04T00:00:00Z"), members, images, true);
    }
}
