package io.memorymachine.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.license.LicenseCommand;
import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.contract.license.LicenseReply;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemFact;
import io.memorymachine.contract.pmem.PmemReply;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.restore.RestoreCommand;
import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.contract.restore.RestoreReply;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.contract.snapshot.SnapshotCommand;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;

/** One message of each type, every field filled, each with another value. */
final class ContractSamples {
    private static final String SNAPSHOT = "7b6cf1ab-5d4f-4f0e-9d5c-0a4a5f9a1c01";
    private static final String RESTORE = "7b6cf1ab-5d4f-4f0e-9d5c-0a4a5f9a1c02";
    private static final String NODE = "node-a";
    private static final String NAME = "hz-snap-test";
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07.123456Z");
    private static final Instant LATER = Instant.parse("2026-03-04T05:06:08Z");
    private static final WorkloadRef WORKLOAD = new WorkloadRef("default", "hz");
    private static final MemberRef MEMBER = new MemberRef(WORKLOAD, 2);
    private static final MemberPlacement PLACEMENT =
            new MemberPlacement(MEMBER, NODE, "containerd://0123", "10.0.0.7", "hz-2.hz", "sha256:4711");
    private static final List<MemberPlacement> MEMBERS = List.of(
            new MemberPlacement(
                    new MemberRef(WORKLOAD, 0), "node-b", "containerd://4567", "10.0.1.8", "hz-0.hz", "sha256:4711"),
            PLACEMENT);
    private static final ProfileSettings PROFILE = new ProfileSettings("hazelcast", true, Duration.ofSeconds(30));
    private static final QuiesceGuard GUARD = new QuiesceGuard(PROFILE, "NO_MIGRATION", MEMBERS);
    private static final Failure FAILURE = new Failure(FailureReason.CRIU_FAILED, "Error (criu/mem.c:1): it broke");
    private static final SealedImage IMAGE = new SealedImage(
            MEMBER,
            NODE,
            "sha256:4711",
            "0f1e2d3c",
            536_870_912L,
            600_000_001L,
            70_000_002L,
            63_000_003L,
            17,
            CaptureMode.CLONE);
    private static final SnapshotManifest MANIFEST =
            new SnapshotManifest(SNAPSHOT, NAME, WORKLOAD, PROFILE, "ACTIVE", AT, LATER, MEMBERS, List.of(IMAGE), true);

    static final List<Message> ALL = List.of(
            new CommandFailed(FAILURE, true),
            // --- licence
            new LicenseCommand.AuthorizeOperation(
                    SNAPSHOT, "snapshot", List.of("node-a", "node-b"), 1_610_612_736L, Duration.ofMinutes(15)),
            new LicenseCommand.ReleaseAuthorization(SNAPSHOT),
            new LicenseReply.Authorized(SNAPSHOT, "ACME", LATER),
            new LicenseReply.Released(SNAPSHOT),
            new LicenseFact.Installed("lic-1", "ACME", LATER),
            new LicenseFact.Expiring("lic-1", "ACME", LATER),
            new LicenseFact.Invalid("lic-1", new Failure(FailureReason.LICENSE_EXPIRED, "It expired")),
            // --- pmem
            new PmemCommand.ReserveSpace(NODE, SNAPSHOT, MEMBERS, true),
            new PmemCommand.PrepareMembers(NODE, SNAPSHOT, MEMBERS),
            new PmemCommand.GuardQuiesce(NODE, SNAPSHOT, GUARD),
            new PmemCommand.UnguardQuiesce(NODE, SNAPSHOT),
            new PmemCommand.CaptureMembers(NODE, SNAPSHOT, MEMBERS),
            new PmemCommand.SealImages(NODE, SNAPSHOT, MEMBERS, true),
            new PmemCommand.DiscardImages(NODE, SNAPSHOT),
            new PmemCommand.VerifyImages(NODE, SNAPSHOT, List.of(IMAGE), MEMBERS),
            new PmemCommand.MaterializeMembers(NODE, RESTORE, SNAPSHOT, MEMBERS),
            new PmemCommand.ReleaseMembers(NODE, RESTORE, MEMBERS, GUARD),
            new PmemCommand.AbandonOperation(NODE, RESTORE, MEMBERS),
            new PmemReply.SpaceReserved(NODE, SNAPSHOT, 1_073_741_824L, CaptureMode.FULL),
            new PmemReply.MembersPrepared(
                    NODE, SNAPSHOT, List.of(new PmemReply.MembersPrepared.PreparedMember(MEMBER, 3, 4096, 250_000))),
            new PmemReply.QuiesceGuarded(NODE, SNAPSHOT, LATER),
            new PmemReply.QuiesceUnguarded(NODE, SNAPSHOT),
            new PmemReply.MembersCaptured(
                    NODE,
                    SNAPSHOT,
                    CaptureMode.CLONE,
                    List.of(new PmemReply.CapturedMember(MEMBER, AT, 340_000, 63_000_003L, 536_870_912L))),
            new PmemReply.ImagesSealed(NODE, SNAPSHOT, List.of(IMAGE), AT),
            new PmemReply.ImagesDiscarded(NODE, SNAPSHOT, 70_000_002L),
            new PmemReply.ImagesVerified(NODE, SNAPSHOT, 600_000_001L),
            new PmemReply.MembersMaterialized(
                    NODE, RESTORE, List.of(new PmemReply.MembersMaterialized.MaterializedMember(MEMBER, 810_000))),
            new PmemReply.MembersReleased(NODE, RESTORE, AT),
            new PmemReply.OperationAbandoned(NODE, RESTORE),
            new PmemFact.UsageReported(NODE, "emulated", 8_000L, 1_500L, 300L, 1_200L, 100L, 6_100L, AT, 2),
            new PmemFact.InventoryTaken(
                    NODE,
                    List.of(new PmemFact.InventoryTaken.Holding(
                            SNAPSHOT, PmemFact.InventoryTaken.Content.UNSEALED, true)),
                    AT),
            new PmemFact.MemberCaptured(NODE, SNAPSHOT, MEMBER, CaptureMode.CLONE, 340_000),
            new PmemFact.MemberMaterialized(NODE, RESTORE, SNAPSHOT, MEMBER, 810_000),
            // --- snapshot
            new SnapshotCommand.RequestSnapshot(NAME, WORKLOAD, PROFILE, true, RESTORE),
            new SnapshotCommand.FindMembers(WORKLOAD, PROFILE),
            new SnapshotCommand.QuiesceWorkload(SNAPSHOT, WORKLOAD, PROFILE, "ACTIVE", MEMBERS, LATER),
            new SnapshotCommand.ResumeWorkload(SNAPSHOT, true),
            new SnapshotCommand.HoldSnapshot(NAME, RESTORE, "back-again"),
            new SnapshotCommand.UnholdSnapshot(RESTORE),
            new SnapshotCommand.DeleteSnapshot(NAME, RESTORE),
            new SnapshotReply.SnapshotTaken(MANIFEST),
            new SnapshotReply.MembersFound(MEMBERS, 1_610_612_736L, "ACTIVE"),
            new SnapshotReply.WorkloadQuiesced(SNAPSHOT, "ACTIVE", AT, LATER),
            new SnapshotReply.WorkloadResumed(SNAPSHOT, "ACTIVE", LATER, 876_544),
            new SnapshotReply.SnapshotHeld(RESTORE, MANIFEST),
            new SnapshotReply.SnapshotUnheld(RESTORE),
            new SnapshotReply.SnapshotDeleted(NAME),
            new SnapshotFact.Requested(SNAPSHOT, NAME, WORKLOAD, AT),
            new SnapshotFact.Quiesced(SNAPSHOT, NAME, AT),
            new SnapshotFact.Captured(SNAPSHOT, NAME, AT, 340_000),
            new SnapshotFact.Resumed(SNAPSHOT, NAME, LATER, 876_544),
            new SnapshotFact.Completed(SNAPSHOT, NAME, WORKLOAD, LATER, 600_000_001L, 70_000_002L),
            new SnapshotFact.Failed(SNAPSHOT, NAME, WORKLOAD, LATER, FAILURE),
            new SnapshotFact.Deleted(SNAPSHOT, NAME, LATER),
            new SnapshotFact.InventoryChecked(NODE, List.of(SNAPSHOT), AT),
            // --- restore
            new RestoreCommand.RequestRestore("back-again", NAME, true),
            new RestoreCommand.FindTargets(WORKLOAD, 3, List.of(IMAGE)),
            new RestoreCommand.RecreateMembers(RESTORE, WORKLOAD, 3, List.of("node-a", "node-a", "node-b")),
            new RestoreCommand.RestartMembers(RESTORE, WORKLOAD, 3),
            new RestoreCommand.ResolveNames(RESTORE, WORKLOAD, MEMBERS),
            new RestoreCommand.AwaitWhole(RESTORE, WORKLOAD, PROFILE, "ACTIVE", AT, MEMBERS),
            new RestoreReply.RestoreDone(RESTORE, "back-again"),
            new RestoreReply.TargetsFound(MEMBERS),
            new RestoreReply.MembersRecreated(RESTORE, MEMBERS, AT),
            new RestoreReply.NamesResolved(RESTORE, AT),
            new RestoreReply.WorkloadWhole(RESTORE, "ACTIVE", 3, LATER),
            new RestoreFact.Requested(RESTORE, "back-again", NAME, WORKLOAD, AT),
            new RestoreFact.PodsRecreated(RESTORE, "back-again", AT),
            new RestoreFact.Released(RESTORE, "back-again", AT),
            new RestoreFact.Completed(RESTORE, "back-again", NAME, WORKLOAD, LATER),
            new RestoreFact.Failed(RESTORE, "back-again", WORKLOAD, LATER, FAILURE),
            new RestoreFact.RolledBack(RESTORE, "back-again", WORKLOAD, LATER, FAILURE),
            // --- every saga
            new SagaFact.Progressed(SNAPSHOT, "snapshot", NAME, 4, "capture", "failed", AT, 340_000, FAILURE),
            new SagaFact.StepAdvanced(SNAPSHOT, "seal", NODE, 1_073_741_824, 2_147_483_648L));

    private ContractSamples() {}
}
