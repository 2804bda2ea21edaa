package io.memorymachine.pmem.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.pmem.runtime.Command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageEncryptionTest {
    private static final int MIB = 1 << 20;
    private static final ImageCipher CIPHER = new ImageCipher(key(1));
    private static final WorkMeter METER = new WorkMeter();

    /** Larger than several segments, with a hole of more than one in the middle. */
    private static final byte[] HEAP = heap();

    @TempDir
    Path folder;

    private Path image;
    private TreeMap<String, byte[]> content;

    private static byte[] key(int seed) {
        byte[] key = new byte[ImageCipher.KEY_BYTES];
        new Random(seed).nextBytes(key);
        return key;
    }

    private static byte[] heap() {
        byte[] heap = new byte[5 * MIB + 4711];
        new Random(42).nextBytes(heap);
        Arrays.fill(heap, MIB, 4 * MIB, (byte) 0);
        return heap;
    }

    @BeforeEach
    void makeImage() throws IOException {
        content = new TreeMap<>();
        content.put("heap/link_remap.1", HEAP);
        content.put("criu/core-7.img", "core".getBytes());
        content.put("criu/empty.img", new byte[0]);
        content.put("criu/cpuinfo.img", "cpu".getBytes());
        content.put("capture.json", "{}".getBytes());
        content.put("upper.tar", "tar".getBytes());
        image = write(folder.resolve("snapshot-1/hz-0"));
    }

    private Path write(Path where) throws IOException {
        for (var file : content.entrySet()) {
            Files.createDirectories(where.resolve(file.getKey()).getParent());
            Files.write(where.resolve(file.getKey()), file.getValue());
        }
        return where;
    }

    private static List<String> names(Path where) throws IOException {
        try (Stream<Path> all = Files.walk(where)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> where.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private void assertComesBack() throws IOException {
        for (var file : content.entrySet()) {
            Path to = Files.createTempDirectory(folder, "back").resolve("file");
            assertThat(ImageEncryption.decrypt(image, file.getKey(), to, CIPHER))
                    .isTrue();
            assertThat(Files.readAllBytes(to)).as(file.getKey()).isEqualTo(file.getValue());
        }
    }

    private static void refusedAsCorrupt(Path image, String name, Path to, ImageCipher cipher) {
        assertThatThrownBy(() -> ImageEncryption.decrypt(image, name, to, cipher))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FailureReason.IMAGE_CORRUPT));
    }

    @Test
    void everyFileIsEncryptedAndComesBackEqual() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);

        assertThat(names(image))
                .containsExactly(
                        "capture.json",
                        "criu/core-7.img.enc",
                        "criu/cpuinfo.img",
                        "criu/empty.img.enc",
                        "heap/link_remap.1.enc",
                        "upper.tar.enc");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image.resolve("upper.tar.enc"))))
                .isEqualTo("rw-------");
        assertComesBack();
    }

    @Test
    void aFolderComesBackWithAllThatIsInItAndHolesStayHoles() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);

        ImageEncryption.decrypt(image, "criu", folder.resolve("dump"), CIPHER);
        ImageEncryption.decrypt(image, "heap", folder.resolve("live"), CIPHER);

        assertThat(names(folder.resolve("dump"))).containsExactly("core-7.img", "cpuinfo.img", "empty.img");
        Path heap = folder.resolve("live/link_remap.1");
        assertThat(Files.size(heap)).isEqualTo(HEAP.length);
        // Three segments of zeros, less what falls together with others in a segment.
        String blocks = Command.of("stat", "--format=%b", heap.toString()).orFail(FailureReason.INTERNAL);
        assertThat(512 * Long.parseLong(blocks)).isLessThan(HEAP.length - MIB);
    }

    @Test
    void whatIsNotThereIsNotInvented() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);

        assertThat(ImageEncryption.decrypt(image, "other.tar", folder.resolve("x"), CIPHER))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50, MIB + 100, 3 * MIB})
    void aFlippedByteIsFound(int position) throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);
        Path heap = image.resolve("heap/link_remap.1.enc");
        byte[] bytes = Files.readAllBytes(heap);
        bytes[position] ^= 1;
        Files.write(heap, bytes);

        refusedAsCorrupt(image, "heap/link_remap.1", folder.resolve("x"), CIPHER);
    }

    /** To nothing, within the header, within a segment and at the border of one, where what is left is authentic. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, MIB + 100, 2 * MIB})
    void aTruncatedFileIsFound(int length) throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);
        try (FileChannel heap = FileChannel.open(image.resolve("heap/link_remap.1.enc"), StandardOpenOption.WRITE)) {
            heap.truncate(length);
        }

        refusedAsCorrupt(image, "heap/link_remap.1", folder.resolve("x"), CIPHER);
    }

    @Test
    void aFileOfAnotherMemberOrSnapshotIsFound() throws IOException {
        Path other = write(folder.resolve("snapshot-1/hz-1"));
        Path earlier = write(folder.resolve("snapshot-0/hz-0"));
        for (Path each : List.of(image, other, earlier)) {
            ImageEncryption.encrypt(each, CIPHER, METER);
        }
        for (Path foreign : List.of(other, earlier)) {
            Files.write(image.resolve("upper.tar.enc"), Files.readAllBytes(foreign.resolve("upper.tar.enc")));

            refusedAsCorrupt(image, "upper.tar", folder.resolve("x" + foreign.hashCode()), CIPHER);
        }
    }

    @Test
    void anotherKeyDoesNotOpenIt() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);
        ImageCipher other = new ImageCipher(key(2));

        assertThat(other.keyId()).isNotEqualTo(CIPHER.keyId());
        refusedAsCorrupt(image, "upper.tar", folder.resolve("x"), other);
    }

    @Test
    void anEncryptionThatDiedGoesOnWhereverItStood() throws IOException {
        Path whole = write(folder.resolve("snapshot-9/hz-0"));
        ImageEncryption.encrypt(whole, CIPHER, METER);
        // Died while it wrote one file, between the name of a second one and the removal of its plain file, and after a
        // third.
        Files.write(image.resolve("heap/link_remap.1.enc.new"), new byte[100]);
        CIPHER.encrypt(image.resolve("upper.tar"), image.resolve("upper.tar.enc"), "snapshot-1/hz-0/upper.tar", METER);
        CIPHER.encrypt(
                image.resolve("criu/core-7.img"),
                image.resolve("criu/core-7.img.enc"),
                "snapshot-1/hz-0/criu/core-7.img",
                METER);
        Files.delete(image.resolve("criu/core-7.img"));

        ImageEncryption.encrypt(image, CIPHER, METER);

        assertThat(names(image)).isEqualTo(names(whole));
        assertComesBack();
    }

    @Test
    void anEncryptionThatDiedIsNotFinishedWithAnotherKey() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);
        // As if it had died before this file's turn.
        Files.delete(image.resolve("upper.tar.enc"));
        Files.write(image.resolve("upper.tar"), content.get("upper.tar"));

        assertThatThrownBy(() -> ImageEncryption.encrypt(image, new ImageCipher(key(2)), METER))
                .hasFieldOrPropertyWithValue("reason", FailureReason.ENCRYPTION_KEY_MISSING);

        ImageEncryption.encrypt(image, CIPHER, METER);
        assertComesBack();
    }

    @Test
    void whatIsNotEncryptedIsNotTakenForAPartOfTheImage() throws IOException {
        ImageEncryption.encrypt(image, CIPHER, METER);
        Files.delete(image.resolve("upper.tar.enc"));
        Files.writeString(image.resolve("upper.tar"), "planted");
        Files.createSymbolicLink(image.resolve("heap/link_remap.2.enc"), Path.of("/etc/passwd"));

        refusedAsCorrupt(image, "upper.tar", folder.resolve("x"), CIPHER);
        refusedAsCorrupt(image, "heap", folder.resolve("live"), CIPHER);
    }

    @Test
    void aFileThatCannotBeReadIsNotCalledCorrupt() {
        // Opening a folder works, reading it is the kernel's refusal.
        assertThatThrownBy(() -> CIPHER.decrypt(folder, folder.resolve("x"), "any"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Is a directory");
    }

    // --- keys

    private Path keyFile(String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static void refusedAsMissing(Optional<Path> file) {
        assertThatThrownBy(() -> new ImageKeys(file).require())
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FailureReason.ENCRYPTION_KEY_MISSING));
    }

    @Test
    void theKeyIsReadFromAFileThatOnlyItsOwnerReads() throws IOException {
        Path file = keyFile(Base64.getEncoder().encodeToString(key(1)) + "\n", "rw-------");

        assertThat(new ImageKeys(Optional.of(file)).require().keyId()).isEqualTo(CIPHER.keyId());
        assertThat(new ImageKeys(Optional.of(file)).require(CIPHER.keyId()).keyId())
                .isEqualTo(CIPHER.keyId());
        assertThatThrownBy(() -> new ImageKeys(Optional.of(file)).require("0123456789abcdef"))
                .hasFieldOrPropertyWithValue("reason", FailureReason.ENCRYPTION_KEY_MISSING);
    }

    @Test
    void whatIsNoKeyIsRefusedAndNotRepeated() throws IOException {
        refusedAsMissing(Optional.empty());
        refusedAsMissing(Optional.of(folder.resolve("nowhere")));
        for (String mode : List.of("rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x")) {
            refusedAsMissing(Optional.of(keyFile(Base64.getEncoder().encodeToString(key(1)), mode)));
        }
        refusedAsMissing(Optional.of(keyFile(Base64.getEncoder().encodeToString(new byte[16]), "rw-------")));
        Path noBase64 = keyFile("not*base64", "rw-------");
        refusedAsMissing(Optional.of(noBase64));
        assertThatThrownBy(() -> new ImageKeys(Optional.of(noBase64)).require())
                .hasMessageNotContaining("not*base64")
                .hasNoCause();
    }
}
