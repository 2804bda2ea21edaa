package io.memorymachine.snapshot.fakes;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.StartupEvent;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
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
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceGuarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.snapshot.fakes.FakeCluster.Holding;
import io.memorymachine.testing.TestParticipants;

/** license-service and the nodes' pmem-services: they hold what they are told to hold on the {@link FakeCluster}s' nodes. */
@ApplicationScoped
public class FakeServices {
    private final FakePlatform platform;

    @Inject
    FakeServices(FakePlatform platform) {
        this.platform = platform;
    }

    @Produces
    @Singleton
    TestParticipants participants(ObjectMapper json, @ConfigProperty(name = "kafka.bootstrap.servers") String broker) {
        return new TestParticipants(
                broker, json, List.of(Topics.LICENSE_COMMANDS, Topics.PMEM_COMMANDS), this::execute);
    }

    /** They are there from the start, whichever test runs first. */
    void onStart(@Observes StartupEvent started, TestParticipants participants) {
        participants.behave();
    }

    static void close(@Disposes TestParticipants participants) {
        participants.close();
    }

    private Reply execute(Command command) {
        if (command instanceof AuthorizeOperation authorize) {
            return new Authorized(authorize.operation(), "test", Instant.now());
        } else if (command instanceof ReleaseAuthorization release) {
            return new Released(release.operation());
        } else if (command instanceof ReserveSpace reserve) {
            cluster(reserve.members()).hold(reserve.node(), reserve.snapshotId(), Holding.RESERVATION);
            return new SpaceReserved(reserve.node(), reserve.snapshotId(), 1000, CaptureMode.CLONE);
        } else if (command instanceof PrepareMembers prepare) {
            return new MembersPrepared(prepare.node(), prepare.snapshotId(), List.of());
        } else if (command instanceof GuardQuiesce guard) {
            return new QuiesceGuarded(
                    guard.node(),
                    guard.snapshotId(),
                    Instant.now().plus(guard.guard().profile().maxPause()));
        } else if (command instanceof CaptureMembers capture) {
            cluster(capture.members()).hold(capture.node(), capture.snapshotId(), Holding.IMAGES);
            return new MembersCaptured(
                    capture.node(),
                    capture.snapshotId(),
                    CaptureMode.CLONE,
                    capture.members().stream()
                            .map(member -> new CapturedMember(member.member(), Instant.now(), 150_000, 50, 500))
                            .toList());
        } else if (command instanceof SealImages seal) {
            cluster(seal.members()).hold(seal.node(), seal.snapshotId(), Holding.SEALED);
            return new ImagesSealed(
                    seal.node(),
                    seal.snapshotId(),
                    seal.members().stream().map(FakeServices::image).toList(),
                    Instant.now());
        } else if (command instanceof DiscardImages discard) {
            platform.discard(discard.node(), discard.snapshotId());
            return new ImagesDiscarded(discard.node(), discard.snapshotId(), 700);
        } else if (command instanceof VerifyImages verify) {
            return new ImagesVerified(
                    verify.node(),
                    verify.snapshotId(),
                    verify.images().stream().mapToLong(SealedImage::totalBytes).sum());
        } else if (command instanceof AbandonOperation abandon) {
            return new OperationAbandoned(abandon.node(), abandon.operation());
        }
        throw new IllegalStateException("no participant executes " + command);
    }

    private FakeCluster cluster(List<MemberPlacement> members) {
        return platform.cluster(members.get(0).member().workload());
    }

    private static SealedImage image(MemberPlacement member) {
        return new SealedImage(
                member.member(), member.node(), "sha256:abc", "00ff", 500, 600, 100, 50, 7, CaptureMode.CLONE);
    }
}
