package io.memorymachine.pmem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemFact.MemberCaptured;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.saga.SagaFact.StepAdvanced;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.fakes.FakeCriu;
import io.memorymachine.pmem.fakes.FakeCriu.Condition;
import io.memorymachine.pmem.fakes.FakeCriu.Fault;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.participant.capture.ArmedCaptures;
import io.memorymachine.pmem.participant.capture.CaptureTargets;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.testing.TestParticipants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the commands do to the volume of a node, and that what they refuse leaves nothing behind. */
@RealBacking
class NodeCommandsTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String NODE = "node-a";
    private static final long HEAP = 1 << 20;

    /** Takes longer to read than the interval of progress. */
    private static final long HUGE = 1L << 30;

    /** RssAnon of each process, and what is set aside for CRIU's tables. */
    private static final long BESIDE_HEAP = (2 << 20) + (64 << 20);

    @Inject
    FakeNode node;

    @Inject
    FakeCriu criu;

    @Inject
    ArmedCaptures armed;

    @Inject
    CaptureTargets targets;

    @Inject
    ObjectMapper json;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String snapshot = UUID.randomUUID().toString();
    private final WorkloadRef workload = new WorkloadRef("demo", "counter" + NUMBER.incrementAndGet());
    private TestParticipants orchestrator;
    private List<MemberPlacement> members;

    @BeforeEach
    void set() {
        node.clear();
        node.breaksCriu(false);
        node.lacksCpuFeatures(false);
        criu.meets(null);
        members = node.runs(workload, 2, HEAP);
        orchestrator = new TestParticipants(broker, json, List.of(), command -> null);
    }

    @AfterEach
    void close() throws IOException {
        orchestrator.close();
        Trees.remove(volume.resolve("snapshots"));
        Trees.remove(volume.resolve("reservations"));
    }

    private Reply done(String step, PmemCommand command) {
        return done(snapshot + "/" + step + "/" + NODE, command, 1).get(0);
    }

    /** The replies to a command once there are so many. */
    private List<Reply> done(String key, PmemCommand command, int replies) {
        orchestrator.ask(Topics.PMEM_COMMANDS, key, command, Topics.SNAPSHOT_REPLIES);
        return await().until(() -> orchestrator.repliesTo(key), all -> all.size() == replies);
    }

    private void assertRefused(FailureReason reason, Reply reply) {
        assertThat(reply).isInstanceOfSatisfying(CommandFailed.class, failed -> {
            assertThat(failed.failure().reason()).as(failed.failure().message()).isEqualTo(reason);
            assertThat(failed.retryable()).isFalse();
        });
    }

    private List<String> content(String folder) throws IOException {
        Path root = volume.resolve(folder);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private Path image(int ordinal) {
        return volume.resolve("snapshots").resolve(snapshot).resolve(workload.name() + "-" + ordinal);
    }

    private SealedImage sealed(int ordinal) {
        done("capture", new CaptureMembers(NODE, snapshot, members));
        Reply sealed = done("seal", new SealImages(NODE, snapshot, members, false));
        assertThat(sealed).isInstanceOf(ImagesSealed.class);
        return ((ImagesSealed) sealed).images().get(ordinal);
    }

    // --- reserve

    @Test
    void asMuchIsReservedAsIfTheHeapsWereCopiedAndOnlyOnce() throws IOException {
        SpaceReserved expected = new SpaceReserved(NODE, snapshot, 2 * (HEAP + BESIDE_HEAP), CaptureMode.FULL);

        assertThat(done("reserve", new ReserveSpace(NODE, snapshot, members, false)))
                .isEqualTo(expected);
        assertThat(done("reserve-again", new ReserveSpace(NODE, snapshot, members, false)))
                .isEqualTo(expected);

        assertThat(content("reservations")).containsExactly(snapshot);
        assertThat(Files.readString(volume.resolve("reservations").resolve(snapshot)))
                .isEqualTo(Long.toString(expected.reservedBytes()));
    }

    @Test
    void aVolumeThatIsTooSmallIsRefusedAndNothingIsReserved() throws IOException {
        members = node.runs(workload, 2, 1L << 42);

        assertRefused(FailureReason.VOLUME_FULL, done("reserve", new ReserveSpace(NODE, snapshot, members, false)));

        assertThat(content("reservations")).isEmpty();
    }

    @Test
    void whatOthersHaveReservedIsNotFree() throws IOException {
        long free = Files.getFileStore(volume).getUsableSpace();
        Trees.create(volume.resolve("reservations"));
        Files.writeString(volume.resolve("reservations/other"), Long.toString(free));

        assertRefused(FailureReason.VOLUME_FULL, done("reserve", new ReserveSpace(NODE, snapshot, members, false)));

        assertThat(content("reservations")).containsExactly("other");
    }

    @Test
    void aMemberWhoseHeapIsElsewhereIsRefusedAndNothingIsReserved() throws IOException {
        List<MemberPlacement> mixed = List.of(members.get(0), node.runsElsewhere(new MemberRef(workload, 1)));

        assertRefused(
                FailureReason.HEAP_NOT_ON_VOLUME, done("reserve", new ReserveSpace(NODE, snapshot, mixed, false)));

        assertThat(content("reservations")).isEmpty();
    }

    @Test
    void aKernelThatCriuCannotWorkOnIsRefusedInItsWordsAndNothingIsReserved() throws IOException {
        node.breaksCriu(true);

        Reply reply = done("reserve", new ReserveSpace(NODE, snapshot, members, false));

        assertRefused(FailureReason.CRIU_MISSING, reply);
        assertThat(((CommandFailed) reply).failure().message()).contains("vDSO is unknown");
        assertThat(content("reservations")).isEmpty();
    }

    @Test
    void aMemberThatIsDownOrWasReplacedIsRefusedAndNothingIsReserved() throws IOException {
        node.losesItsApplication(members.get(1));
        assertRefused(FailureReason.MEMBER_DOWN, done("no-process", new ReserveSpace(NODE, snapshot, members, false)));

        node.dies(members.get(1));
        assertRefused(
                FailureReason.MEMBER_DOWN, done("no-container", new ReserveSpace(NODE, snapshot, members, false)));

        node.runs(workload, 2, HEAP);
        assertRefused(FailureReason.MEMBER_CHANGED, done("replaced", new ReserveSpace(NODE, snapshot, members, false)));
        assertThat(content("reservations")).isEmpty();
    }

    // --- capture

    @Test
    void aCaptureThatIsOrderedAgainIsMadeOnceAndAnsweredAlike() {
        CaptureMembers capture = new CaptureMembers(NODE, snapshot, members);
        String key = snapshot + "/capture/" + NODE;

        Reply first = done(key, capture, 1).get(0);
        List<Reply> both = done(key, capture, 2);
        Reply unrecorded = done("capture-as-if-never-recorded", capture);

        assertThat(((MembersCaptured) first).members())
                .extracting(member -> member.member() + " " + member.frozenMicros() + " " + member.heapBytes())
                .containsExactly(
                        members.get(0).member() + " 150000 4096", members.get(1).member() + " 150000 4096");
        assertThat(both).containsExactly(first, first);
        assertThat(unrecorded).isEqualTo(first);
        assertThat(criu.captured())
                .filteredOn(name -> name.startsWith(workload.name()))
                .hasSize(2);
        await().untilAsserted(() -> assertThat(orchestrator.milestones(snapshot))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(MemberCaptured.class::isInstance));
    }

    @Test
    void whatACaptureThatDiedHalfWayLeftIsRemovedBeforeTheNextOne() throws IOException {
        criu.meets(Fault.CRASH_HALF_WAY);
        CommandFailed died = (CommandFailed) done("capture", new CaptureMembers(NODE, snapshot, members));
        assertThat(died.retryable()).isTrue();
        assertThat(content("snapshots")).contains(snapshot + "/" + workload.name() + "-0/capture.json");

        String key = snapshot + "/capture/" + NODE;
        Reply again = done(key, new CaptureMembers(NODE, snapshot, members), 2).get(1);

        assertThat(again).isInstanceOf(MembersCaptured.class);
        assertThat(criu.captured())
                .filteredOn(name -> name.equals(workload.name() + "-0"))
                .as("the half of another moment is not kept")
                .hasSize(2);
    }

    @Test
    void aCaptureThatIsRefusedIsAnsweredInCriusWords() {
        criu.meets(Fault.REFUSE);

        Reply reply = done("capture", new CaptureMembers(NODE, snapshot, members));

        assertRefused(FailureReason.CRIU_FAILED, reply);
        assertThat(((CommandFailed) reply).failure().message()).contains("Error (criu/cr-dump.c)");
    }

    @Test
    void aMemberWithoutAProcessIsNotCapturedAndNeitherAreTheOthers() throws IOException {
        node.losesItsApplication(members.get(1));

        assertRefused(FailureReason.MEMBER_DOWN, done("capture", new CaptureMembers(NODE, snapshot, members)));

        assertThat(content("snapshots")).containsExactly(snapshot);
        assertThat(criu.captured()).noneMatch(name -> name.startsWith(workload.name()));
    }

    @Test
    void aCaptureUsesWhatWaitsForIt() {
        armed.arm(snapshot, targets.of(snapshot, members), CaptureMode.FULL);
        int before = criu.armings();

        assertThat(done("capture", new CaptureMembers(NODE, snapshot, members))).isInstanceOf(MembersCaptured.class);

        assertThat(criu.armings()).isEqualTo(before);
        assertThat(criu.waiting()).isZero();
    }

    @Test
    void aCaptureWithoutAnythingThatWaitsForItIsArmedOnTheSpot() {
        armed.arm(snapshot, targets.of(snapshot, members), CaptureMode.FULL);
        criu.giveUpWaiting();
        int before = criu.armings();

        assertThat(done("capture", new CaptureMembers(NODE, snapshot, members))).isInstanceOf(MembersCaptured.class);

        assertThat(criu.armings()).isEqualTo(before + 1);
    }

    @Test
    void whatWaitsForOtherMembersIsGivenUp() {
        armed.arm(snapshot, targets.of(snapshot, members.subList(0, 1)), CaptureMode.FULL);

        Reply captured = done("capture", new CaptureMembers(NODE, snapshot, members));

        assertThat(((MembersCaptured) captured).members()).hasSize(2);
        assertThat(criu.waiting()).isZero();
    }

    @Test
    void nothingWaitsForASnapshotThatIsNotTakenAfterAll() {
        armed.arm(snapshot, targets.of(snapshot, members), CaptureMode.FULL);
        armed.arm(snapshot, targets.of(snapshot, members), CaptureMode.FULL);
        assertThat(criu.waiting()).isEqualTo(1);
        done("discard", new DiscardImages(NODE, snapshot));
        assertThat(criu.waiting()).isZero();

        armed.arm(snapshot, targets.of(snapshot, members), CaptureMode.FULL);
        done("abandon", new AbandonOperation(NODE, snapshot, members));
        assertThat(criu.waiting()).isZero();
    }

    // --- seal and discard

    @Test
    void aSealEndsTheReservationAndAnotherOneChangesNothing() throws IOException {
        done("reserve", new ReserveSpace(NODE, snapshot, members, false));

        SealedImage first = sealed(0);
        ImagesSealed again = (ImagesSealed) done("seal-again", new SealImages(NODE, snapshot, members, false));

        assertThat(content("reservations")).isEmpty();
        assertThat(again.images().get(0)).isEqualTo(first);
        assertThat(first.files()).isEqualTo(6);
        assertThat(first.imageDigest()).isEqualTo("sha256:abc");
        assertThat(first.mode()).isEqualTo(CaptureMode.FULL);
        assertThat(first.totalBytes()).isEqualTo(Trees.size(image(0)) - Files.size(image(0).resolve("image.json")));
    }

    @Test
    void whatWasNotCapturedIsNotSealed() {
        assertRefused(FailureReason.IMAGE_INCOMPLETE, done("seal", new SealImages(NODE, snapshot, members, false)));
    }

    @Test
    void aDiscardRemovesEverythingAndAnotherOneFindsNothing() throws IOException {
        done("reserve", new ReserveSpace(NODE, snapshot, members, false));
        done("capture", new CaptureMembers(NODE, snapshot, members));

        ImagesDiscarded first = (ImagesDiscarded) done("discard", new DiscardImages(NODE, snapshot));

        assertThat(first.freedBytes()).isPositive();
        assertThat(content("snapshots")).isEmpty();
        assertThat(content("reservations")).isEmpty();
        assertThat(done("discard-again", new DiscardImages(NODE, snapshot)))
                .isEqualTo(new ImagesDiscarded(NODE, snapshot, 0));
    }

    @Test
    void imagesArePrivate() throws IOException {
        sealed(0);

        try (Stream<Path> all = Files.walk(volume.resolve("snapshots").resolve(snapshot))) {
            assertThat(all.filter(Files::isDirectory))
                    .allSatisfy(folder -> assertThat(Files.getPosixFilePermissions(folder))
                            .isEqualTo(PosixFilePermissions.fromString("rwx------")));
        }
    }

    // --- progress

    @Test
    void whatIsReadToSealAndToVerifyIsToldWhileItIsRead() throws IOException {
        done("capture", new CaptureMembers(NODE, snapshot, members));
        long bytes = Trees.size(image(0)) + Trees.size(image(1)) + HUGE;
        // A hole: takes its time to read, and no space.
        try (FileChannel heap = FileChannel.open(
                image(0).resolve("heap/huge"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            heap.write(ByteBuffer.allocate(1), HUGE - 1);
        }

        ImagesSealed sealed = (ImagesSealed) done("seal", new SealImages(NODE, snapshot, members, false));
        done("verify", new VerifyImages(NODE, snapshot, sealed.images(), members));

        assertTold("seal", bytes);
        assertTold(
                "verify",
                sealed.images().stream().mapToLong(SealedImage::totalBytes).sum());
    }

    private void assertTold(String step, long bytes) {
        List<StepAdvanced> told = await().until(() -> told(step), facts -> !facts.isEmpty());
        assertThat(told).allSatisfy(fact -> {
            assertThat(fact.node()).isEqualTo(NODE);
            assertThat(fact.done()).isBetween(0L, fact.total());
            assertThat(fact.total()).isEqualTo(bytes);
        });
        assertThat(told).extracting(StepAdvanced::done).isSorted().doesNotHaveDuplicates();
    }

    private List<StepAdvanced> told(String step) {
        return orchestrator.messagesThatName(snapshot).stream()
                .filter(StepAdvanced.class::isInstance)
                .map(StepAdvanced.class::cast)
                .filter(fact -> fact.step().equals(step))
                .toList();
    }

    @Test
    void whatIsSealedInAMomentIsNotTold() {
        sealed(0);

        assertThat(told("seal")).isEmpty();
    }

    // --- verify

    /** What can have happened to an image since it was sealed, and how it is found out. */
    enum Damage {
        FLIPPED_BYTE(FailureReason.IMAGE_CORRUPT, image -> overwrite(image.resolve("criu/pages-1.img"), "P")),
        TRUNCATED(FailureReason.IMAGE_INCOMPLETE, image -> write(image.resolve("heap/link_remap.1"), "heap")),
        LONGER(FailureReason.IMAGE_INCOMPLETE, image -> append(image.resolve("criu/core-7.img"), "x")),
        MISSING_FILE(FailureReason.IMAGE_INCOMPLETE, image -> remove(image.resolve("criu/core-7.img"))),
        FOREIGN_FILE(FailureReason.IMAGE_CORRUPT, image -> write(image.resolve("criu/extra.img"), "x")),
        LINK(FailureReason.IMAGE_INCOMPLETE, image -> link(image.resolve("criu/core-7.img"), "/etc/passwd")),
        LINKED_FOLDER(FailureReason.IMAGE_CORRUPT, image -> link(image.resolve("criu"), "/etc")),
        TAMPERED_MANIFEST(FailureReason.MANIFEST_MISMATCH, image -> append(image.resolve("image.json"), " ")),
        UNREADABLE_MANIFEST(FailureReason.IMAGE_CORRUPT, image -> write(image.resolve("image.json"), "{")),
        NOT_SEALED(FailureReason.IMAGE_MISSING, image -> remove(image.resolve("image.json"))),
        MISSING_IMAGE(FailureReason.IMAGE_MISSING, NodeCommandsTest::remove);

        private final FailureReason reason;
        private final Consumer<Path> act;

        Damage(FailureReason reason, Consumer<Path> act) {
            this.reason = reason;
            this.act = act;
        }
    }

    @ParameterizedTest
    @EnumSource
    void damageIsFoundAndNamed(Damage damage) {
        SealedImage image = sealed(1);
        VerifyImages verify = new VerifyImages(NODE, snapshot, List.of(image), members);
        assertThat(done("verify-whole", verify)).isEqualTo(new ImagesVerified(NODE, snapshot, image.totalBytes()));

        damage.act.accept(image(1));

        assertRefused(damage.reason, done("verify-damaged", verify));
    }

    @Test
    void anImageThatCannotRunHereIsRefused() {
        SealedImage image = sealed(0);
        List<MemberPlacement> others = members.stream()
                .map(member -> new MemberPlacement(
                        member.member(),
                        member.node(),
                        member.incarnation(),
                        member.address(),
                        member.dnsName(),
                        "sha256:def"))
                .toList();
        assertRefused(
                FailureReason.IMAGE_DIGEST_MISMATCH,
                done("other-image", new VerifyImages(NODE, snapshot, List.of(image), others)));

        node.lacksCpuFeatures(true);
        assertRefused(
                FailureReason.CPU_MISMATCH,
                done("other-cpu", new VerifyImages(NODE, snapshot, List.of(image), members)));

        node.lacksCpuFeatures(false);
        node.breaksCriu(true);
        assertRefused(
                FailureReason.CRIU_MISSING, done("no-criu", new VerifyImages(NODE, snapshot, List.of(image), members)));
    }

    @Test
    void imagesThatWouldNotFitBesideTheLiveHeapsAreRefused() {
        SealedImage image = sealed(0);
        SealedImage huge = new SealedImage(
                image.member(),
                NODE,
                image.imageDigest(),
                image.manifestSha256(),
                1L << 50,
                image.totalBytes(),
                image.uniqueBytes(),
                image.criuBytes(),
                image.files(),
                image.mode());

        assertRefused(
                FailureReason.VOLUME_FULL, done("verify", new VerifyImages(NODE, snapshot, List.of(huge), members)));
    }

    // --- materialize, release, abandon

    @Test
    void membersArePutBackStoppedAndReleasedTogether() {
        sealed(0);
        String restore = UUID.randomUUID().toString();
        criu.meets(Fault.CRASH_HALF_WAY);
        MaterializeMembers materialize = new MaterializeMembers(NODE, restore, snapshot, members);
        assertThat(((CommandFailed) done("materialize", materialize)).retryable())
                .isTrue();

        String key = snapshot + "/materialize/" + NODE;
        MembersMaterialized back =
                (MembersMaterialized) done(key, materialize, 2).get(1);

        assertThat(back.members())
                .extracting(member -> member.member() + " " + member.micros())
                .as("the first one was left as it was")
                .containsExactly(members.get(0).member() + " 0", members.get(1).member() + " 1234");
        assertThat(conditions()).containsExactly(Condition.STOPPED, Condition.STOPPED);

        assertThat(done("release", new ReleaseMembers(NODE, restore, members, null)))
                .isInstanceOf(MembersReleased.class);
        assertThat(conditions()).containsExactly(Condition.RUNNING, Condition.RUNNING);

        assertThat(done("abandon", new AbandonOperation(NODE, restore, members)))
                .isEqualTo(new OperationAbandoned(NODE, restore));
        assertThat(conditions()).as("who runs, runs on").containsExactly(Condition.RUNNING, Condition.RUNNING);
    }

    @Test
    void anAbandonedMaterializationLeavesNobodyStoppedAndToleratesWhoIsGone() {
        sealed(0);
        String restore = UUID.randomUUID().toString();
        done("materialize", new MaterializeMembers(NODE, restore, snapshot, members));
        long first = node.initPid(members.get(0));
        node.dies(members.get(1));

        assertThat(done("abandon", new AbandonOperation(NODE, restore, members)))
                .isEqualTo(new OperationAbandoned(NODE, restore));

        assertThat(criu.condition(first)).isNull();
    }

    private List<Condition> conditions() {
        return members.stream()
                .map(member -> criu.condition(node.initPid(member)))
                .toList();
    }

    // --- what is none of ours

    @ParameterizedTest
    @ValueSource(strings = {"..", "../../etc", "a/b", "", ".", "A", "x\u0000", "a b"})
    void anIdThatWouldLeaveItsFolderIsRefused(String id) throws IOException {
        Path outside = volume.resolveSibling("kept");
        Files.writeString(outside, "kept");
        List<PmemCommand> commands = List.of(
                new ReserveSpace(NODE, id, members, false),
                new CaptureMembers(NODE, id, members),
                new SealImages(NODE, id, members, false),
                new DiscardImages(NODE, id),
                new VerifyImages(NODE, id, List.of(), members),
                new MaterializeMembers(NODE, "r", id, members));

        for (PmemCommand command : commands) {
            assertRefused(
                    FailureReason.INVALID_NAME,
                    done(command.getClass().getSimpleName().toLowerCase(Locale.ROOT), command));
        }

        assertThat(outside).hasContent("kept");
        assertThat(content("reservations")).isEmpty();
        assertThat(content("snapshots")).isEmpty();
        assertThat(criu.captured()).noneMatch(name -> name.startsWith(workload.name()));
    }

    @Test
    void commandsForOtherNodesAreLeftToThem() {
        orchestrator.ask(
                Topics.PMEM_COMMANDS,
                snapshot + "/elsewhere/node-b",
                new CaptureMembers("node-b", snapshot, members),
                Topics.SNAPSHOT_REPLIES);

        // Of the same saga, hence behind it.
        done("discard", new DiscardImages(NODE, snapshot));

        assertThat(orchestrator.repliesTo(snapshot + "/elsewhere/node-b")).isEmpty();
        assertThat(criu.captured()).noneMatch(name -> name.startsWith(workload.name()));
    }

    @Test
    void messagesThatAreNoneHoldUpNothing() {
        orchestrator.sendGarbage(Topics.PMEM_COMMANDS);

        assertThat(done("discard", new DiscardImages(NODE, snapshot))).isInstanceOf(ImagesDiscarded.class);
        await().untilAsserted(() -> assertThat(orchestrator.deadLetters()).isPositive());
    }

    // --- damage

    private static void overwrite(Path file, String start) {
        act(() -> Files.writeString(file, start + Files.readString(file).substring(start.length())));
    }

    private static void write(Path file, String content) {
        act(() -> Files.writeString(file, content));
    }

    private static void append(Path file, String more) {
        act(() -> Files.writeString(file, more, StandardOpenOption.APPEND));
    }

    private static void remove(Path path) {
        act(() -> {
            Trees.remove(path);
            return path;
        });
    }

    private static void link(Path path, String target) {
        remove(path);
        act(() -> Files.createSymbolicLink(path, Path.of(target)));
    }

    private static void act(FileAction action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface FileAction {
        Path run() throws IOException;
    }
}
