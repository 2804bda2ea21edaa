package io.memorymachine.pmem.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;

/**
 * The files of an image that is encrypted: each stands as {@code NAME.enc} in the place of {@code NAME}. Left as they are is
 * what holds nothing of a process's memory and is needed to look at an image without its key: the record of the capture and
 * the features of the CPU.
 */
final class ImageEncryption {
    private static final String ENCRYPTED = ".enc";
    private static final Set<String> PLAIN = Set.of("capture.json", "criu/cpuinfo.img");

    private ImageEncryption() {}

    /**
     * Encrypts all files of an image. Each is durable before its plain file goes; if it dies half-way the same call goes on
     * with the plain files that are left.
     *
     * @param meter advances by what is read
     * @throws OperationFailedException ENCRYPTION_KEY_MISSING where an earlier call died and used another key: no key would
     *     open the whole image
     */
    static void encrypt(Path image, ImageCipher cipher, WorkMeter meter) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(image)) {
            files = all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path file : files) {
            if (isUnfinished(file)) {
                Files.delete(file);
            }
        }
        for (Path file : files) {
            if (file.toString().endsWith(ENCRYPTED)) {
                requireSameKey(image, file, cipher);
            }
        }
        List<Path> plain = files.stream()
                .filter(path -> !path.toString().endsWith(ENCRYPTED) && !isUnfinished(path))
                .filter(path -> !PLAIN.contains(image.relativize(path).toString()))
                .toList();
        // Several at once: the heap is by far the largest, and one processor's work.
        plain.parallelStream().forEach(file -> {
            try {
                encryptOne(image, file, cipher, meter);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void requireSameKey(Path image, Path encrypted, ImageCipher cipher) throws IOException {
        Path file = encrypted.resolveSibling(plainName(encrypted.getFileName().toString()));
        // Where its plain file is there, too, it is made anew.
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS) && !cipher.opens(encrypted, identity(image, file))) {
            throw new OperationFailedException(
                    FailureReason.ENCRYPTION_KEY_MISSING,
                    encrypted + " was encrypted with another key than " + cipher.keyId() + ", which this node has now");
        }
    }

    private static void encryptOne(Path image, Path file, ImageCipher cipher, WorkMeter meter) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ENCRYPTED + PrivateFiles.UNFINISHED);
        cipher.encrypt(file, unfinished, identity(image, file), meter);
        Files.move(unfinished, file.resolveSibling(file.getFileName() + ENCRYPTED), StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.force(file.getParent());
        Files.delete(file);
    }

    /**
     * Decrypts a file of an image, or a folder with all that is in it; files that were left plain are copied. If it fails
     * half-way, what was decrypted so far is there.
     *
     * @param name of the plain file or folder within the image
     * @param to must not exist if it is a file
     * @return whether there is such a file or folder
     * @throws OperationFailedException IMAGE_CORRUPT also for what is neither encrypted nor of those that are left plain
     */
    static boolean decrypt(Path image, String name, Path to, ImageCipher cipher) throws IOException {
        Path file = image.resolve(name);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Trees.create(to);
            try (Stream<Path> entries = Files.list(file)) {
                for (Path entry : (Iterable<Path>) entries::iterator) {
                    String plain = plainName(entry.getFileName().toString());
                    if (!decrypt(image, name + "/" + plain, to.resolve(plain), cipher)) {
                        throw foreign(entry);
                    }
                }
            }
            return true;
        }
        Path encrypted = file.resolveSibling(file.getFileName() + ENCRYPTED);
        if (Files.isRegularFile(encrypted, LinkOption.NOFOLLOW_LINKS)) {
            cipher.decrypt(encrypted, to, identity(image, file));
            return true;
        }
        if (PLAIN.contains(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(file, to);
            return true;
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw foreign(file);
        }
        return false;
    }

    private static OperationFailedException foreign(Path path) {
        return new OperationFailedException(
                FailureReason.IMAGE_CORRUPT, path + " does not belong to the encrypted image");
    }

    private static boolean isUnfinished(Path file) {
        return file.toString().endsWith(ENCRYPTED + PrivateFiles.UNFINISHED);
    }

    private static String plainName(String name) {
        return name.endsWith(ENCRYPTED) ? name.substring(0, name.length() - ENCRYPTED.length()) : name;
    }

    /** Which file of which member of which snapshot it is: one cannot be put in the place of another. */
    private static String identity(Path image, Path file) {
        return image.getParent().getFileName() + "/" + image.getFileName() + "/" + image.relativize(file);
    }
}
