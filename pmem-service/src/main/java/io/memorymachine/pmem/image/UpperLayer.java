package io.memorymachine.pmem.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;

/**
 * What a container changed in its image: the upper folder of its overlay, kept as {@value #FILE} and put back through
 * the root of the new container, because the layers of a mounted overlay must not be changed below it.
 *
 * <p>Kept are files, folders, links, devices, owners, modes, times, deletions (the overlay's 0/0 devices) and folders that
 * hide what is below them (its {@code opaque} attribute). Not kept are other extended attributes, sockets, and all below
 * a mount point: what is mounted is not the container's.
 */
public final class UpperLayer {
    /** The archive's name in an image. */
    public static final String FILE = "upper.tar";

    private static final String OPAQUE = "SCHILY.xattr.trusted.overlay.opaque";

    private UpperLayer() {}

    /** Writes the archive, or no file where the container changed nothing. The container must not run meanwhile. */
    public static void save(MemberProcess process, Path archive) throws IOException {
        Path upper = process.upper().orElseThrow();
        Set<Path> mounts = new ProcFs().mounts(process.pid()).points();
        if (!holdsMoreThan(upper, mounts)) {
            return;
        }
        List<String> tar = new ArrayList<>(List.of(
                "tar",
                "--create",
                "--format=posix",
                "--numeric-owner",
                "--xattrs",
                "--xattrs-include=trusted.overlay.opaque",
                "--anchored",
                "--no-wildcards",
                "--file=" + archive,
                "--directory=" + upper));
        mounts.forEach(point -> tar.add("--exclude=." + point));
        tar.add(".");
        // Before tar opens it, with a mode of its own choosing.
        PrivateFiles.createEmpty(archive);
        Command.of(tar).orFail(FailureReason.CRIU_FAILED);
    }

    /**
     * Puts the archive's content back.
     *
     * @param root the root of the new container, seen from the node
     * @param mounts its mount points, which are left alone
     * @throws OperationFailedException IMAGE_CORRUPT where a name leads out of the root or through a link
     */
    public static void restore(Path archive, Path root, Set<Path> mounts) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream entries = new TarArchiveInputStream(file)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path inContainer = inContainer(entry.getName());
                if (inContainer.getNameCount() > 0 && mounts.stream().noneMatch(inContainer::startsWith)) {
                    restoreEntry(entry, entries, resolve(root, inContainer), root);
                }
            }
        }
    }

    private static void restoreEntry(TarArchiveEntry entry, InputStream content, Path target, Path root)
            throws IOException {
        boolean isFolder = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
        boolean staysFolder = isFolder && entry.isDirectory() && entry.getExtraPaxHeader(OPAQUE) == null;
        if (!staysFolder) {
            Trees.remove(target);
        }
        if (entry.isCharacterDevice() && entry.getDevMajor() == 0 && entry.getDevMinor() == 0) {
            return;
        }
        if (entry.isLink()) {
            Files.createLink(target, resolve(root, inContainer(entry.getLinkName())));
            return;
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isDirectory()) {
            if (!staysFolder) {
                Files.createDirectory(target);
            }
        } else if (entry.isFile()) {
            // Its own mode comes last: until then nobody else may read it.
            try (OutputStream file = Channels.newOutputStream(PrivateFiles.create(target))) {
                content.transferTo(file);
            }
        } else {
            makeSpecial(entry, target);
        }
        Files.setAttribute(target, "unix:uid", (int) entry.getLongUserId(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(target, "unix:gid", (int) entry.getLongGroupId(), LinkOption.NOFOLLOW_LINKS);
        if (!entry.isSymbolicLink()) {
            Files.setAttribute(target, "unix:mode", entry.getMode());
            Files.setLastModifiedTime(
                    target, FileTime.from(entry.getLastModifiedTime().toInstant()));
        }
    }

    private static void makeSpecial(TarArchiveEntry entry, Path target) {
        List<String> mknod = new ArrayList<>(List.of("mknod", target.toString()));
        if (entry.isFIFO()) {
            mknod.add("p");
        } else {
            mknod.addAll(List.of(
                    entry.isBlockDevice() ? "b" : "c",
                    Integer.toString(entry.getDevMajor()),
                    Integer.toString(entry.getDevMinor())));
        }
        Command.of(mknod).orFail(FailureReason.MATERIALIZE_FAILED);
    }

    private static Path inContainer(String name) {
        Path path = Path.of("/").resolve(name.startsWith("/") ? name.substring(1) : name);
        if (Stream.iterate(path, Path::getParent).limit(path.getNameCount()).anyMatch(part -> part.endsWith(".."))) {
            throw corrupt("'" + name + "' leads out of the container");
        }
        return path.normalize();
    }

    /** The path on the node. A link on the way would lead to the node's own files. */
    private static Path resolve(Path root, Path inContainer) {
        Path target = root.resolve(Path.of("/").relativize(inContainer));
        for (Path folder = target.getParent(); !folder.equals(root); folder = folder.getParent()) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw corrupt("'" + inContainer + "' lies in what is no folder of the container");
            }
        }
        return target;
    }

    /** Whether there is anything but mount points and the folders that lead to them. */
    private static boolean holdsMoreThan(Path upper, Set<Path> mounts) throws IOException {
        try (Stream<Path> all = Files.walk(upper)) {
            return all.map(path -> Path.of("/").resolve(upper.relativize(path).toString()))
                    .filter(path -> path.getNameCount() > 0)
                    .anyMatch(path ->
                            mounts.stream().noneMatch(point -> point.startsWith(path) || path.startsWith(point)));
        }
    }

    private static OperationFailedException corrupt(String message) {
        return new OperationFailedException(FailureReason.IMAGE_CORRUPT, FILE + ": " + message);
    }
}
