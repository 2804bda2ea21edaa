package io.memorymachine.pmem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.fakes.FakeCriu;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.image.ImageCipher;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.testing.TestParticipants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a node does with snapshots that are to be encrypted, with its key, without one and with another one. */
@RealBacking
class EncryptedImagesTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String NODE = "node-a";

    @Inject
    FakeNode node;

    @Inject
    FakeCriu criu;

    @Inject
    ObjectMapper json;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @ConfigProperty(name = "mm.pmem.encryption-key-file")
    Path keyFile;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String snapshot = UUID.randomUUID().toString();
    private final WorkloadRef workload = new WorkloadRef("demo", "encrypted" + NUMBER.incrementAndGet());
    private TestParticipants orchestrator;
    private List<MemberPlacement> members;

    @BeforeEach
    void set() throws IOException {
        node.clear();
        node.breaksCriu(false);
        node.lacksCpuFeatures(false);
        criu.meets(null);
        members = node.runs(workload, 2, 1 << 20);
        orchestrator = new TestParticipants(broker, json, List.of(), command -> null);
        hasKey(1);
    }

    @AfterEach
    void close() throws IOException {
        orchestrator.close();
        Files.deleteIfExists(keyFile);
        Trees.remove(volume.resolve("snapshots"));
        Trees.remove(volume.resolve("reservations"));
    }

    private void hasKey(int number) throws IOException {
        byte[] key = new byte[ImageCipher.KEY_BYTES];
        key[0] = (byte) number;
        PrivateFiles.write(keyFile, Base64.getEncoder().encode(key));
    }

    private Reply done(PmemCommand command) {
        String key = UUID.randomUUID() + "/step/" + NODE;
        orchestrator.ask(Topics.PMEM_COMMANDS, key, command, Topics.SNAPSHOT_REPLIES);
        return await().until(() -> orchestrator.repliesTo(key), all -> all.size() == 1)
                .get(0);
    }

    private void assertRefused(FailureReason reason, Reply reply) {
        assertThat(reply).isInstanceOfSatisfying(CommandFailed.class, failed -> {
            assertThat(failed.failure().reason()).as(failed.failure().message()).isEqualTo(reason);
            assertThat(failed.retryable()).isFalse();
        });
    }

    private List<SealedImage> sealed(boolean encrypted) {
        done(new CaptureMembers(NODE, snapshot, members));
        return ((ImagesSealed) done(new SealImages(NODE, snapshot, members, encrypted))).images();
    }

    private VerifyImages verify(List<SealedImage> images) {
        return new VerifyImages(NODE, snapshot, images, members);
    }

    private Path image(int ordinal) {
        return volume.resolve("snapshots").resolve(snapshot).resolve(workload.name() + "-" + ordinal);
    }

    private List<Path> files(int ordinal) throws IOException {
        try (Stream<Path> all = Files.walk(image(ordinal))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Whether there is anything in it of what {@link FakeCriu} captured. */
    private static boolean holdsMemory(Path file) {
        try {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            return Stream.of("heap of ", "pages of ", "core of ").anyMatch(content::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNodeWithoutAKeyRefusesAtOnceAndReservesNothing() throws IOException {
        Files.delete(keyFile);

        assertRefused(FailureReason.ENCRYPTION_KEY_MISSING, done(new ReserveSpace(NODE, snapshot, members, true)));

        assertThat(volume.resolve("reservations").resolve(snapshot)).doesNotExist();
        assertThat(done(new ReserveSpace(NODE, snapshot, members, false))).isInstanceOf(SpaceReserved.class);
    }

    @Test
    void spaceForTheSecondCopyIsSetAside() {
        SpaceReserved plain = (SpaceReserved) done(new ReserveSpace(NODE, snapshot, members, false));
        SpaceReserved encrypted = (SpaceReserved) done(new ReserveSpace(NODE, snapshot, members, true));

        assertThat(encrypted.reservedBytes()).isEqualTo(2 * plain.reservedBytes());
    }

    @Test
    void whatASealEncryptsCannotBeReadAndItsSizesAreThoseOnTheVolume() throws IOException {
        done(new CaptureMembers(NODE, snapshot, members));
        assertThat(files(0)).anyMatch(EncryptedImagesTest::holdsMemory);

        SealedImage first = ((ImagesSealed) done(new SealImages(NODE, snapshot, members, true)))
                .images()
                .get(0);

        assertThat(files(0)).noneMatch(EncryptedImagesTest::holdsMemory);
        assertThat(files(0))
                .extracting(file -> image(0).relativize(file).toString())
                .containsExactlyInAnyOrder(
                        "image.json",
                        "capture.json",
                        "criu/cpuinfo.img",
                        "criu/cpuinfo.log.enc",
                        "criu/core-7.img.enc",
                        "criu/pages-1.img.enc",
                        "heap/link_remap.1.enc");
        assertThat(first.totalBytes()).isEqualTo(Trees.size(image(0)) - Files.size(image(0).resolve("image.json")));
        assertThat(first.uniqueBytes()).isGreaterThanOrEqualTo(first.totalBytes());
        assertThat(first.heapBytes()).as("of the plain heap").isEqualTo(4096);
    }

    @Test
    void aSealThatIsOrderedAgainIsAnsweredAlike() {
        List<SealedImage> first = sealed(true);

        assertThat(((ImagesSealed) done(new SealImages(NODE, snapshot, members, true))).images())
                .isEqualTo(first);
    }

    @Test
    void aSealThatDiedIsNotFinishedWithAnotherKey() throws IOException {
        sealed(true);
        // As if it had died before it wrote the description.
        Files.delete(image(1).resolve("image.json"));
        hasKey(2);

        assertRefused(FailureReason.ENCRYPTION_KEY_MISSING, done(new SealImages(NODE, snapshot, members, true)));

        assertThat(image(1).resolve("image.json")).doesNotExist();
        hasKey(1);
        assertThat(done(new SealImages(NODE, snapshot, members, true))).isInstanceOf(ImagesSealed.class);
    }

    @Test
    void encryptedImagesAreVerifiedWithTheirKeyOnly() throws IOException {
        List<SealedImage> images = sealed(true);
        long bytes = images.stream().mapToLong(SealedImage::totalBytes).sum();
        assertThat(done(verify(images))).isEqualTo(new ImagesVerified(NODE, snapshot, bytes));

        hasKey(2);
        assertRefused(FailureReason.ENCRYPTION_KEY_MISSING, done(verify(images)));
        Files.delete(keyFile);
        assertRefused(FailureReason.ENCRYPTION_KEY_MISSING, done(verify(images)));

        hasKey(1);
        assertThat(done(verify(images))).isInstanceOf(ImagesVerified.class);
    }

    @Test
    void aTamperedCiphertextIsFound() throws IOException {
        List<SealedImage> images = sealed(true);
        Path heap = image(1).resolve("heap/link_remap.1.enc");
        byte[] bytes = Files.readAllBytes(heap);
        bytes[bytes.length - 1] ^= 1;
        Files.write(heap, bytes);

        assertRefused(FailureReason.IMAGE_CORRUPT, done(verify(images)));
    }

    @Test
    void theFileOfAnotherMemberIsFound() throws IOException {
        List<SealedImage> images = sealed(true);
        Path mine = image(0).resolve("criu/core-7.img.enc");
        Path theirs = image(1).resolve("criu/core-7.img.enc");
        assertThat(mine).hasSize(Files.size(theirs));
        Files.write(mine, Files.readAllBytes(theirs));

        assertRefused(FailureReason.IMAGE_CORRUPT, done(verify(images)));
    }

    @Test
    void anImageOfBeforeThereWasEncryptionIsVerifiedWithoutAKey() throws Exception {
        SealedImage image = sealed(false).get(0);
        Path description = image(0).resolve("image.json");
        ObjectNode older = (ObjectNode) json.readTree(description.toFile());
        assertThat(older.remove("encryption").isNull()).isTrue();
        byte[] written = json.writeValueAsBytes(older);
        Files.write(description, written);
        Files.delete(keyFile);
        SealedImage asCatalogued = new SealedImage(
                image.member(),
                NODE,
                image.imageDigest(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(written)),
                image.heapBytes(),
                image.totalBytes(),
                image.uniqueBytes(),
                image.criuBytes(),
                image.files(),
                image.mode());

        assertThat(done(verify(List.of(asCatalogued))))
                .isEqualTo(new ImagesVerified(NODE, snapshot, image.totalBytes()));
    }
}
