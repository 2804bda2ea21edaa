package io.memorymachine.platform.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * Where the single-machine runtime keeps its files, and what it calls things outside of its directory.
 *
 * <p>All that lives outside (bridge, links, network namespaces, cgroups) bears a tag made from the directory's path. So
 * two run directories on a machine never meet, and whoever has the directory finds everything that belongs to it.
 *
 * @param root the run directory ({@code .mm}), absolute and without symbolic links
 */
public record LocalPaths(Path root) {
    /**
     * The run directory at a path; made, for its owner only, if missing.
     *
     * @throws IllegalArgumentException if its path holds what cannot stand in the options of a mount
     */
    public static LocalPaths of(Path directory) {
        try {
            Path root = Files.createDirectories(
                            directory,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .toRealPath();
            if (root.toString().matches(".*[:,\\\\].*")) {
                throw new IllegalArgumentException(
                        "the path of a run directory must not hold ':', ',' or '\\': " + root);
            }
            return new LocalPaths(root);
        } catch (IOException e) {
            throw new UncheckedIOException("the run directory " + directory + " cannot be made", e);
        }
    }

    /** The tag of what lives outside: {@code mm} and six hexadecimal digits. */
    public String tag() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return "mm" + HexFormat.of().formatHex(digest, 0, 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The hosts file of all members: bind-mounted in each, and for clients on the host ({@code -Djdk.net.hosts.file}). */
    public Path hosts() {
        return local().resolve("hosts");
    }

    /** Where a member's output goes. */
    public Path log(MemberRef member) {
        return root.resolve("logs").resolve(member.workload().namespace() + "." + member.pod() + ".log");
    }

    Path local() {
        return root.resolve("local");
    }

    Path lock() {
        return root.resolve("local.lock");
    }

    Path network() {
        return local().resolve("network.json");
    }

    Path workloads() {
        return local().resolve("workloads");
    }

    Path workload(WorkloadRef ref) {
        return workloads().resolve(ref.namespace()).resolve(ref.name());
    }

    /** The state directory of runc: every container in it is a member's, or at least removed with the members. */
    public Path runc() {
        return root.resolve("runc");
    }

    String bridge() {
        return tag() + "0";
    }

    /** The common beginning of the host's ends of the members' links. */
    String linkPrefix() {
        return tag() + "v";
    }

    /** The common beginning of the members' network namespaces. */
    String netnsPrefix() {
        return tag() + "-";
    }

    /** The cgroup that holds the members' cgroups, below each hierarchy's root; removed with the members. */
    public String cgroup() {
        return "mm-" + tag().substring(2);
    }

    /** The directory of a member on the pmem volume, which it sees as {@code /mm/pmem}. */
    public static Path live(Path volume, MemberRef member) {
        return live(volume, member.workload()).resolve(member.pod());
    }

    static Path live(Path volume, WorkloadRef workload) {
        return volume.resolve("live").resolve(workload.namespace()).resolve(workload.name());
    }
}
