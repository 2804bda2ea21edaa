package io.memorymachine.local.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A digest over a tree of files, whatever the order in which the file system lists them. */
final class TreeDigest {
    private TreeDigest() {}

    /** {@code sha256:...} over the path, mode, and content or link target of everything in the tree. */
    static String of(Path root) throws IOException {
        MessageDigest digest = sha256();
        List<Path> entries;
        try (Stream<Path> all = Files.walk(root)) {
            entries = all.sorted().toList();
        }
        for (Path entry : entries) {
            Object mode = Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            digest.update((root.relativize(entry) + "\0" + mode + "\0").getBytes(StandardCharsets.UTF_8));
            if (Files.isSymbolicLink(entry)) {
                digest.update(Files.readSymbolicLink(entry).toString().getBytes(StandardCharsets.UTF_8));
            } else if (Files.isRegularFile(entry)) {
                update(digest, entry);
            }
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of the parts one after another, in hexadecimal digits. */
    static String hex(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Deletes a tree; one that is not there is fine. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void update(MessageDigest digest, Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
