package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets of a run directory: 256 random bits in a file. */
final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    /**
     * Makes the file with a random secret, as base64, unless there is one. It appears whole, and was never open to others than its owner;
     * a death meanwhile leaves a file beside it that the next call replaces.
     */
    static void ensure(Path file, Base64.Encoder encoder) {
        if (Files.exists(file)) {
            return;
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, encoder.encodeToString(random) + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the secret " + file + " cannot be made", e);
        }
    }
}
