package io.memorymachine.pmem.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Toolbox;

/**
 * Seals, reads and verifies the images of members. An image is sealed when it has an {@code image.json}, which is
 * written last and moved into place.
 */
public final class MemberImages {
    private static final String DESCRIPTION = "image.json";
    private static final String RECORD = "capture.json";
    private static final String HEAPS = "heap";
    private static final Duration LONGEST_COPY = Duration.ofMinutes(10);

    private final ObjectMapper json;
    private final Toolbox toolbox;
    private final ImageKeys keys;
    private final WorkMeter meter;

    /** Writes with the mapper, which has to know {@code java.time}. */
    public MemberImages(ObjectMapper json, Toolbox toolbox, ImageKeys keys) {
        this(json, toolbox, keys, new WorkMeter());
    }

    private MemberImages(ObjectMapper json, Toolbox toolbox, ImageKeys keys, WorkMeter meter) {
        this.json = json;
        this.toolbox = toolbox;
        this.keys = keys;
        this.meter = meter;
    }

    /** These, and what is read to seal and to verify advances the meter. What there is to read the caller tells it. */
    public MemberImages counting(WorkMeter reading) {
        return new MemberImages(json, toolbox, keys, reading);
    }

    /** Whether the folder holds a sealed image. */
    public static boolean isSealed(Path image) {
        return Files.isRegularFile(image.resolve(DESCRIPTION), LinkOption.NOFOLLOW_LINKS);
    }

    /** Keeps beside fresh images what only the capture knows. */
    public void record(Path image, CaptureRecord record) throws IOException {
        PrivateFiles.write(image.resolve(RECORD), json.writeValueAsBytes(record));
    }

    /** What was kept of the capture; empty where there was none or it did not come to its end. */
    public Optional<CaptureRecord> recorded(Path image) throws IOException {
        Path record = image.resolve(RECORD);
        return Files.exists(record)
                ? Optional.of(json.readValue(record.toFile(), CaptureRecord.class))
                : Optional.empty();
    }

    /**
     * How many bytes {@link #seal} will read: each file, and once more where it is encrypted first. 0 where there is nothing to
     * seal.
     */
    public static long bytesToSeal(Path image, boolean encrypted) throws IOException {
        if (isSealed(image) || !Files.exists(image.resolve(RECORD))) {
            return 0;
        }
        long bytes = 0;
        for (Path path : paths(image)) {
            bytes += Files.size(path);
        }
        return encrypted ? 2 * bytes : bytes;
    }

    /**
     * Makes an image durable and computes its checksums, of the encrypted files where it is to be encrypted; an image that is
     * sealed already is only read. If it dies half-way the image is not sealed, and the same call repeats the work.
     *
     * @param cipher what it is encrypted with, or empty
     * @throws OperationFailedException IMAGE_INCOMPLETE where the capture was not finished, ENCRYPTION_KEY_MISSING where an
     *     earlier call died and encrypted a part with another key
     */
    public Sealed seal(Path image, String member, String imageDigest, String criuVersion, Optional<ImageCipher> cipher)
            throws IOException {
        if (!Files.exists(image.resolve(DESCRIPTION))) {
            if (!Files.exists(image.resolve(RECORD))) {
                throw new OperationFailedException(
                        FailureReason.IMAGE_INCOMPLETE, "the image of " + member + " has no " + RECORD);
            }
            CaptureRecord record = json.readValue(image.resolve(RECORD).toFile(), CaptureRecord.class);
            // CRIU keeps the modes of files that are there.
            for (String written : List.of("cpuinfo.img", "cpuinfo.log")) {
                PrivateFiles.write(image.resolve("criu").resolve(written), new byte[0]);
            }
            toolbox.criuOnNode(
                            "cpuinfo",
                            "dump",
                            "--images-dir",
                            image.resolve("criu").toString(),
                            "-o",
                            "cpuinfo.log")
                    .orFail(FailureReason.CRIU_FAILED);
            if (cipher.isPresent()) {
                ImageEncryption.encrypt(image, cipher.get(), meter);
            }
            List<MemberImage.ImageFile> files = paths(image).parallelStream()
                    .map(path -> describe(image, path, true))
                    .toList();
            MemberImage description = new MemberImage(
                    MemberImage.VERSION,
                    member,
                    criuVersion,
                    imageDigest,
                    record,
                    cipher.map(with -> new MemberImage.Encryption(ImageCipher.SCHEME, with.keyId()))
                            .orElse(null),
                    files);
            PrivateFiles.replace(image.resolve(DESCRIPTION), json.writeValueAsBytes(description));
        }
        return read(image);
    }

    /**
     * Reads the description of a sealed image without looking at its files.
     *
     * @throws OperationFailedException IMAGE_MISSING where there is none, IMAGE_CORRUPT where it cannot be read
     */
    public Sealed read(Path image) throws IOException {
        try {
            byte[] description = Files.readAllBytes(image.resolve(DESCRIPTION));
            MemberImage parsed = json.readValue(description, MemberImage.class);
            if (parsed.version() != MemberImage.VERSION) {
                throw new OperationFailedException(
                        FailureReason.IMAGE_CORRUPT, image + " has the unknown version " + parsed.version());
            }
            return new Sealed(parsed, FileDigest.sha256(description));
        } catch (NoSuchFileException missing) {
            throw new OperationFailedException(
                    FailureReason.IMAGE_MISSING, "there is no sealed image in " + image, missing);
        } catch (JacksonException broken) {
            throw new OperationFailedException(
                    FailureReason.IMAGE_CORRUPT, image.resolve(DESCRIPTION) + " cannot be read", broken);
        }
    }

    /**
     * Reads every file of a sealed image again.
     *
     * @param descriptionSha256 what the catalogue holds for this image
     * @throws OperationFailedException IMAGE_MISSING, MANIFEST_MISMATCH where the description is not the catalogue's,
     *     IMAGE_INCOMPLETE where a file is missing or has another size, IMAGE_CORRUPT where a file's checksum differs, it is
     *     a link, or it is not listed, ENCRYPTION_KEY_MISSING where it is encrypted with a key that is not this node's
     */
    public MemberImage verify(Path image, String descriptionSha256) throws IOException {
        Sealed sealed = read(image);
        if (!sealed.sha256().equals(descriptionSha256)) {
            throw new OperationFailedException(
                    FailureReason.MANIFEST_MISMATCH, image.resolve(DESCRIPTION) + " is not the one of the catalogue");
        }
        if (sealed.image().encryption() != null) {
            keys.require(sealed.image().encryption().keyId());
        }
        List<MemberImage.ImageFile> files = sealed.image().files();
        Set<String> listed = files.stream().map(MemberImage.ImageFile::path).collect(Collectors.toSet());
        for (Path path : paths(image)) {
            String name = image.relativize(path).toString();
            if (!listed.contains(name) && !name.equals(DESCRIPTION)) {
                throw new OperationFailedException(FailureReason.IMAGE_CORRUPT, path + " does not belong to the image");
            }
        }
        for (MemberImage.ImageFile file : files) {
            Path path = image.resolve(file.path());
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new OperationFailedException(FailureReason.IMAGE_INCOMPLETE, path + " is missing");
            }
            if (Files.size(path) != file.bytes()) {
                throw new OperationFailedException(
                        FailureReason.IMAGE_INCOMPLETE,
                        path + " has " + Files.size(path) + " bytes instead of " + file.bytes());
            }
        }
        files.parallelStream()
                .filter(file ->
                        !describe(image, image.resolve(file.path()), false).equals(file))
                .findFirst()
                .ifPresent(file -> {
                    throw new OperationFailedException(
                            FailureReason.IMAGE_CORRUPT,
                            image.resolve(file.path()) + " does not have the checksum that it was sealed with");
                });
        return sealed.image();
    }

    /**
     * Asks CRIU whether this node's CPU has what the image's members may use.
     *
     * @throws OperationFailedException CPU_MISMATCH
     */
    public void checkCpu(Path image) {
        toolbox.criuOnNode(
                        "cpuinfo",
                        "check",
                        "--images-dir",
                        image.resolve("criu").toString(),
                        "-W",
                        "/tmp",
                        "-o",
                        "/dev/null")
                .orFail(FailureReason.CPU_MISMATCH);
    }

    /**
     * Puts a file of a sealed image, or a folder with all that is in it, to another place on the same file system: cloned
     * where that is possible, decrypted where it is encrypted.
     *
     * @param name within the image
     * @param to must not exist if it is a file
     * @return whether the image has it
     * @throws OperationFailedException ENCRYPTION_KEY_MISSING, IMAGE_CORRUPT, VOLUME_FULL
     */
    public boolean unpack(Path image, String name, Path to) throws IOException {
        MemberImage.Encryption encryption = read(image).image().encryption();
        if (encryption != null) {
            return ImageEncryption.decrypt(image, name, to, keys.require(encryption.keyId()));
        }
        Path from = image.resolve(name);
        if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Command.of("cp", "--recursive", "--no-target-directory", "--reflink=auto", from.toString(), to.toString())
                .within(LONGEST_COPY)
                .orFail(FailureReason.MATERIALIZE_FAILED);
        return true;
    }

    /** A sealed image, and the SHA-256 of its description, which binds all its files. */
    public record Sealed(MemberImage image, String sha256) {}

    /** All files but the description, sorted. */
    private static Set<Path> paths(Path image) throws IOException {
        try (Stream<Path> all = Files.walk(image)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !path.startsWith(image.resolve(DESCRIPTION)))
                    .filter(path -> !path.startsWith(image.resolve(DESCRIPTION + PrivateFiles.UNFINISHED)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private MemberImage.ImageFile describe(Path image, Path path, boolean durable) {
        try {
            // Heaps are mapped from clones; what CRIU wrote it reads itself in a restore.
            FileDigest digest = path.startsWith(image.resolve(HEAPS))
                    ? FileDigest.uncached(path, durable, meter::advance)
                    : FileDigest.of(path, durable, meter::advance);
            return new MemberImage.ImageFile(image.relativize(path).toString(), digest.bytes(), digest.sha256());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
