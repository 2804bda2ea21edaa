package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.memorymachine.client.LocalInstallation;

/**
 * The directory of one system: everything that it keeps, and by its path everything of the kernel's that belongs to it.
 *
 * @param root absolute, without symbolic links
 */
public record RunDirectory(Path root) {
    private static final int ID_BYTES = 4;

    /** The run directory at a path, which is made where it is missing. */
    public static RunDirectory at(Path path) {
        try {
            return new RunDirectory(Files.createDirectories(path).toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("the run directory " + path + " cannot be made", e);
        }
    }

    /** Eight hex digits that tell this run directory from others on the machine. */
    public String id() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The run directory of another system of the same command, beside this one.
     *
     * @param number from 2
     */
    public Path beside(int number) {
        return root.resolveSibling(root.getFileName() + "-" + number);
    }

    /** What a command tells of a system that it runs beside another. */
    public Path experiment() {
        return logs().resolve("experiment.log");
    }

    /** One file for each process. */
    public Path run() {
        return root.resolve("run");
    }

    /** One log for each process. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** What the system was started with. */
    public Path settings() {
        return root.resolve(LocalInstallation.SETTINGS);
    }

    /** Held by the command that changes the system. */
    public Path lock() {
        return root.resolve("lock");
    }

    /** The broker's data. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** The database's data. */
    public Path postgres() {
        return root.resolve("postgres");
    }

    /** The mount point of the pmem volume. */
    public Path volume() {
        return root.resolve("pmem");
    }

    /** The file behind the pmem volume when it is on disk. */
    public Path volumeOnDisk() {
        return root.resolve("volume.img");
    }

    /** The file behind the pmem volume when it is in memory. */
    public Path volumeInMemory() {
        return Path.of("/dev/shm/mm-" + id() + ".img");
    }

    /** The members' images. */
    public Path images() {
        return root.resolve("image");
    }

    /** The licence and the key that it was signed with. */
    public Path license() {
        return root.resolve("license");
    }

    /** The key for snapshots that are to be encrypted. */
    public Path imageKey() {
        return root.resolve("image-key");
    }

    /** The token that callers of the services send. */
    public Path token() {
        return root.resolve(LocalInstallation.TOKEN);
    }

    /** What the last demonstration found. */
    public Path demoReport() {
        return root.resolve("demo-report.json");
    }

    /** What the last run of the fault matrix found. */
    public Path chaosReport() {
        return root.resolve("chaos-report.json");
    }

    /** What the last endurance run found. */
    public Path soakReport() {
        return root.resolve("soak-report.json");
    }
}
