package io.memorymachine.pmem.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.pmem.runtime.PrivateFiles;

/**
 * Encrypts files of images with one key: AES-256-GCM in segments of 1 MiB, each file under a key of its own that is derived
 * from this one and a random salt (Tink's AES256_GCM_HKDF_1MB). What a file is decrypted to is authentic segment by segment;
 * segments can neither be exchanged nor cut off at the end.
 */
public final class ImageCipher {
    /** The name of the scheme, as an image's description holds it. */
    public static final String SCHEME = "AES256_GCM_HKDF_1MB";

    /** The length of a key. */
    public static final int KEY_BYTES = 32;

    private static final String DERIVATION = "HmacSha256";
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int ID_HEX_DIGITS = 16;

    /** Tells the hash that names a key from every other use of SHA-256. */
    private static final byte[] ID_PURPOSE = "memory-machine image key id".getBytes(StandardCharsets.UTF_8);

    private final StreamingAead aead;
    private final String keyId;

    /** A cipher with a key of {@link #KEY_BYTES}. */
    public ImageCipher(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        try {
            this.aead = new AesGcmHkdfStreaming(key, DERIVATION, KEY_BYTES, SEGMENT_BYTES, 0);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ID_PURPOSE);
            this.keyId = HexFormat.of().formatHex(digest.digest(key)).substring(0, ID_HEX_DIGITS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES, HMAC and SHA-256", e);
        }
    }

    /** Names the key without telling anything of it. */
    public String keyId() {
        return keyId;
    }

    /**
     * Encrypts a file; the result is durable.
     *
     * @param to must not exist
     * @param identity what the file is; the same has to be given to decrypt it
     * @param meter advances by what is read
     */
    void encrypt(Path from, Path to, String identity, WorkMeter meter) throws IOException {
        try (FileChannel plain = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel file = PrivateFiles.create(to)) {
            // Closing the cipher writes its last segment, and closes the file: it is made durable by its name.
            try (WritableByteChannel cipher =
                    aead.newEncryptingChannel(file, identity.getBytes(StandardCharsets.UTF_8))) {
                ByteBuffer buffer = ByteBuffer.allocate(SEGMENT_BYTES);
                while (plain.read(buffer) >= 0) {
                    buffer.flip();
                    meter.advance(buffer.remaining());
                    while (buffer.hasRemaining()) {
                        cipher.write(buffer);
                    }
                    buffer.clear();
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a file cannot be encrypted", e);
        }
        PrivateFiles.force(to);
    }

    /**
     * Decrypts a file. Segments of zeros become holes.
     *
     * @param to must not exist
     * @param identity as it was given to {@link #encrypt}
     * @throws OperationFailedException IMAGE_CORRUPT where the file was changed, is another one or was made with another key
     */
    void decrypt(Path from, Path to, String identity) throws IOException {
        try (ReadableByteChannel plain = decrypting(from, identity);
                FileChannel target = PrivateFiles.create(to)) {
            ByteBuffer buffer = ByteBuffer.allocate(SEGMENT_BYTES);
            long length = 0;
            while (read(plain, buffer, from) >= 0) {
                buffer.flip();
                int bytes = buffer.remaining();
                if (!isZero(buffer)) {
                    target.position(length);
                    while (buffer.hasRemaining()) {
                        target.write(buffer);
                    }
                }
                length += bytes;
                buffer.clear();
            }
            if (target.size() < length) {
                // One byte at the end makes the holes before it.
                target.write(ByteBuffer.allocate(1), length - 1);
            }
        }
    }

    /** Whether a file was encrypted with this key and identity, as far as its first segment tells. */
    boolean opens(Path file, String identity) throws IOException {
        try (ReadableByteChannel plain = decrypting(file, identity)) {
            read(plain, ByteBuffer.allocate(1), file);
            return true;
        } catch (OperationFailedException notAuthentic) {
            return false;
        }
    }

    /** Closing it closes the file. */
    private ReadableByteChannel decrypting(Path from, String identity) throws IOException {
        FileChannel file = FileChannel.open(from, StandardOpenOption.READ);
        try {
            return aead.newDecryptingChannel(new Source(file), identity.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            file.close();
            throw new IllegalStateException("a file cannot be decrypted", e);
        }
    }

    /** Tink's own IOExceptions say that something is not authentic; those of the file come as {@link Source} made them. */
    private static int read(ReadableByteChannel plain, ByteBuffer buffer, Path from) throws IOException {
        try {
            return plain.read(buffer);
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.IMAGE_CORRUPT, from + " cannot be decrypted: it is not what was sealed", e);
        }
    }

    /** Tells what cannot be read by an exception that Tink has none of. */
    private record Source(FileChannel file) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer buffer) {
            try {
                return file.read(buffer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static boolean isZero(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
