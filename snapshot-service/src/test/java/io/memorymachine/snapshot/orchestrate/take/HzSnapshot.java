package io.memorymachine.snapshot.orchestrate.take;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.GuardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.PrepareMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceGuarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadQuiesced;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadResumed;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.testing.Exchange;

/**
 * The snapshot {@code monday} of a cluster of three members on two nodes, which is in the state NO_MIGRATION: each step's
 * messages, whole.
 */
final class HzSnapshot {
    static final UUID ID = UUID.fromString("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    static final Instant QUIESCED = Instant.parse("2026-01-05T10:00:10Z");
    static final Instant GUARDED = Instant.parse("2026-01-05T10:00:40Z");
    static final Instant SEALED = Instant.parse("2026-01-05T10:00:12Z");
    static final List<String> NODES = List.of("node-a", "node-b");
    static final WorkloadRef HZ = new WorkloadRef("demo", "hz");
    static final List<MemberPlacement> MEMBERS =
            IntStream.range(0, 3).mapToObj(HzSnapshot::placement).toList();

    private static final String SNAPSHOT = ID.toString();
    private static final boolean ENCRYPTED = true;
    private static final String STATE = "NO_MIGRATION";

    private final ProfileSettings profile;

    HzSnapshot(boolean pause) {
        this.profile = new ProfileSettings("hazelcast", pause, Duration.ofSeconds(30));
    }

    SnapshotData asked() {
        return SnapshotData.requested(SNAPSHOT, "monday", HZ, profile, ENCRYPTED, null);
    }

    SnapshotManifest manifest() {
        return new SnapshotManifest(
                SNAPSHOT,
                "monday",
                HZ,
                profile,
                profile.pause() ? STATE : null,
                QUIESCED,
                SEALED,
                MEMBERS,
                MEMBERS.stream().map(HzSnapshot::image).toList(),
                ENCRYPTED);
    }

    /** The exchanges of a step, in the order in which its commands are sent. */
    List<Exchange> exchanges(String step) {
        return switch (step) {
            case "find-members" ->
                Exchange.one(
                        Topics.SNAPSHOT_COMMANDS,
                        new FindMembers(HZ, profile),
                        new MembersFound(MEMBERS, 3000, profile.pause() ? STATE : null));
            case "authorize" ->
                Exchange.one(
                        Topics.LICENSE_COMMANDS,
                        new AuthorizeOperation(SNAPSHOT, "snapshot", NODES, 3000, Duration.ofHours(1)),
                        new Authorized(SNAPSHOT, "ACME", SEALED));
            case "return-license", "return-license-at-end" ->
                Exchange.one(Topics.LICENSE_COMMANDS, new ReleaseAuthorization(SNAPSHOT), new Released(SNAPSHOT));
            case "quiesce" ->
                Exchange.one(
                        Topics.SNAPSHOT_COMMANDS,
                        new QuiesceWorkload(SNAPSHOT, HZ, profile, STATE, MEMBERS, GUARDED),
                        new WorkloadQuiesced(SNAPSHOT, STATE, QUIESCED, SEALED));
            case "guard" ->
                Exchange.eachNode(
                        NODES,
                        node -> new GuardQuiesce(node, SNAPSHOT, new QuiesceGuard(profile, STATE, MEMBERS)),
                        node -> new QuiesceGuarded(
                                node, SNAPSHOT, node.equals("node-a") ? GUARDED.plusSeconds(1) : GUARDED));
            case "resume", "resume-first" ->
                Exchange.one(
                        Topics.SNAPSHOT_COMMANDS,
                        new ResumeWorkload(SNAPSHOT, step.equals("resume")),
                        new WorkloadResumed(SNAPSHOT, STATE, SEALED, 450_000));
            default -> onNodes(step);
        };
    }

    private static List<Exchange> onNodes(String step) {
        return switch (step) {
            case "reserve" ->
                Exchange.eachNode(
                        NODES,
                        node -> new ReserveSpace(node, SNAPSHOT, on(node), ENCRYPTED),
                        node -> new SpaceReserved(node, SNAPSHOT, 5000, CaptureMode.CLONE));
            case "prepare" ->
                Exchange.eachNode(
                        NODES,
                        node -> new PrepareMembers(node, SNAPSHOT, on(node)),
                        node -> new MembersPrepared(node, SNAPSHOT, List.of()));
            case "capture" ->
                Exchange.eachNode(
                        NODES,
                        node -> new CaptureMembers(node, SNAPSHOT, on(node)),
                        node -> new MembersCaptured(
                                node,
                                SNAPSHOT,
                                CaptureMode.CLONE,
                                on(node).stream().map(HzSnapshot::captured).toList()));
            case "seal" ->
                Exchange.eachNode(
                        NODES,
                        node -> new SealImages(node, SNAPSHOT, on(node), ENCRYPTED),
                        node -> new ImagesSealed(
                                node,
                                SNAPSHOT,
                                on(node).stream().map(HzSnapshot::image).toList(),
                                SEALED));
            case "abandon" ->
                Exchange.eachNode(
                        NODES,
                        node -> new AbandonOperation(node, SNAPSHOT, on(node)),
                        node -> new OperationAbandoned(node, SNAPSHOT));
            case "discard" ->
                Exchange.eachNode(
                        NODES,
                        node -> new DiscardImages(node, SNAPSHOT),
                        node -> new ImagesDiscarded(node, SNAPSHOT, 700));
            default -> throw new IllegalArgumentException("no step " + step);
        };
    }

    static CapturedMember captured(MemberPlacement member) {
        return new CapturedMember(
                member.member(), QUIESCED, 200_000 + member.member().ordinal(), 50, 500);
    }

    private static SealedImage image(MemberPlacement member) {
        return new SealedImage(
                member.member(), member.node(), "sha256:abc", "00ff", 500, 600, 100, 50, 7, CaptureMode.CLONE);
    }

    private static List<MemberPlacement> on(String node) {
        return MEMBERS.stream().filter(member -> member.node().equals(node)).toList();
    }

    private static MemberPlacement placement(int ordinal) {
        // The nodes alternate: what is ordered by node is not ordered by member.
        return new MemberPlacement(
                new MemberRef(HZ, ordinal),
                ordinal == 1 ? "node-b" : "node-a",
                "first-" + ordinal,
                "10.0.0." + ordinal,
                "hz-" + ordinal + ".hz",
                "sha256:abc");
    }
}
