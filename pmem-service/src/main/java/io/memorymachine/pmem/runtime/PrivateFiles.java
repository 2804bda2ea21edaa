package io.memorymachine.pmem.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only root reads, from the moment at which they are there: what they hold may be a process's memory. */
public final class PrivateFiles {
    /** The end of the names under which {@link #replace} writes. */
    public static final String UNFINISHED = ".new";

    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /**
     * Creates a file and opens it for writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException where there is anything of this name
     */
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE);
    }

    /** Creates an empty file, for a command to write to; returns it. */
    public static Path createEmpty(Path file) throws IOException {
        return Files.createFile(file, MODE);
    }

    /** Writes a file, in the place of one that may be there; not durable. Returns it. */
    public static Path write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel = create(file)) {
            writeAll(channel, content);
        }
        return file;
    }

    /**
     * Writes a file in the place of one that may be there. It is durable when this returns, and whole or the old one if it
     * dies before.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = create(unfinished)) {
            writeAll(channel, content);
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        force(file.getParent());
    }

    /** Makes a file or the entries of a folder durable. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void writeAll(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
