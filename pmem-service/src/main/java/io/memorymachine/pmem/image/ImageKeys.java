package io.memorymachine.pmem.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * The node's key for encrypted images: 32 bytes in base64, in a file that only its owner reads. It is read anew each time,
 * so that a mounted secret can be exchanged.
 */
public final class ImageKeys {
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Optional<Path> file;

    /**
     * The key of a node.
     *
     * @param file empty where the node has none
     */
    public ImageKeys(Optional<Path> file) {
        this.file = file;
    }

    /**
     * The cipher with the node's key.
     *
     * @throws OperationFailedException ENCRYPTION_KEY_MISSING where there is none, it is open to others, or it is no key
     */
    public ImageCipher require() {
        Path path =
                file.orElseThrow(() -> missing("this node has no key: mm.pmem.encryption-key-file is not set", null));
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(path))) {
                throw missing(path + " is open to others than its owner", null);
            }
            byte[] key = Base64.getDecoder()
                    .decode(Files.readString(path, StandardCharsets.US_ASCII).strip());
            return new ImageCipher(key);
        } catch (IOException e) {
            throw missing(path + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            // Without the exception's words: they quote what was read.
            throw missing(path + " does not hold " + ImageCipher.KEY_BYTES + " bytes in base64", null);
        }
    }

    /**
     * The cipher with the key of this id.
     *
     * @throws OperationFailedException ENCRYPTION_KEY_MISSING also where the node has another key
     */
    public ImageCipher require(String keyId) {
        ImageCipher cipher = require();
        if (!cipher.keyId().equals(keyId)) {
            throw missing("the image was encrypted with the key " + keyId + ", this node has " + cipher.keyId(), null);
        }
        return cipher;
    }

    private static OperationFailedException missing(String message, Exception cause) {
        return new OperationFailedException(FailureReason.ENCRYPTION_KEY_MISSING, message, cause);
    }
}
