package io.memorymachine.pmem.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntConsumer;

import com.sun.nio.file.ExtendedOpenOption;

/**
 * A file's SHA-256, and how long it is.
 *
 * @param sha256 in hex
 */
record FileDigest(long bytes, String sha256) {
    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * Reads a file through the page cache, where it stays for whoever reads it next.
     *
     * @param durable whether it is on the device when this returns
     * @param read told how much was read, again and again
     */
    static FileDigest of(Path path, boolean durable, IntConsumer read) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return of(file, ByteBuffer.allocate(BUFFER_BYTES), durable, read);
        }
    }

    /**
     * Likewise, but past the page cache (open(2), O_DIRECT), for a file that is cloned and not read: what is cached of it would
     * take memory from everybody, and serve nobody, since clones are cached by themselves. On a file system that has no such
     * reading, through the page cache.
     */
    static FileDigest uncached(Path path, boolean durable, IntConsumer read) throws IOException {
        int block;
        FileChannel file;
        try {
            block = Math.toIntExact(Files.getFileStore(path).getBlockSize());
            file = FileChannel.open(
                    path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS, ExtendedOpenOption.DIRECT);
        } catch (IOException | UnsupportedOperationException refused) {
            // What else may be wrong with the file is found here, too.
            return of(path, durable, read);
        }
        try (file) {
            ByteBuffer aligned = ByteBuffer.allocateDirect(BUFFER_BYTES + block).alignedSlice(block);
            return of(file, aligned.slice(0, BUFFER_BYTES / block * block), durable, read);
        }
    }

    /** The hash of bytes in memory, in hex. */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static FileDigest of(FileChannel file, ByteBuffer buffer, boolean durable, IntConsumer read)
            throws IOException {
        MessageDigest digest = digest();
        long size = file.size();
        long bytes = 0;
        // Not beyond the end: where the page cache is passed by, nothing is aligned there.
        while (bytes < size && file.read(buffer) >= 0) {
            buffer.flip();
            bytes += buffer.remaining();
            read.accept(buffer.remaining());
            digest.update(buffer);
            buffer.clear();
        }
        if (durable) {
            file.force(true);
        }
        return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
