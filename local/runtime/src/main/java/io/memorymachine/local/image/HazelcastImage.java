package io.memorymachine.local.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The image of a Hazelcast member: a Java runtime cut from the running JDK, the system libraries that it needs, Hazelcast
 * and its configuration. No package manager, no shell.
 *
 * <p>It is built beside its final place and renamed, so it is whole or absent; a death half-way leaves a directory that
 * the next build removes. What it is built from stands in its directory's name: with another JDK or Hazelcast there is
 * another image, and members that run keep theirs.
 *
 * @param rootfs the tree
 * @param digest {@code sha256:...} over names, modes and contents of the tree
 */
public record HazelcastImage(Path rootfs, String digest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The environment of a member. With few arenas glibc keeps less of what threads have freed, and CRIU copies less while the
     * member is frozen.
     */
    public static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    /** Where Hazelcast's members listen. */
    public static final int PORT = 5701;

    /** What Hazelcast needs of the JDK. */
    private static final String MODULES =
            "java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,"
                    + "jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs";

    /** To be raised where the recipe below changes. */
    private static final String RECIPE = "2";

    private static final String ARCHIVE = "/opt/hazelcast/hazelcast.jsa";

    private static final List<String> MAIN =
            List.of("-cp", "/opt/hazelcast/hazelcast.jar", "com.hazelcast.core.server.HazelcastMemberStarter");

    /**
     * Returns the image, built if it is not there; that takes half a minute.
     *
     * @param images the directory of images; one process at a time may build in it
     * @param javaHome a JDK with {@code jlink} and its {@code jmods}
     * @param hazelcastJar the jar of Hazelcast
     * @throws IOException naming the tool that failed; no image is there then
     */
    public static HazelcastImage build(Path images, Path javaHome, Path hazelcastJar) throws IOException {
        String key = key(javaHome, hazelcastJar);
        Path image = images.toAbsolutePath().resolve("hazelcast-" + key);
        if (!Files.isDirectory(image)) {
            Path fresh = image.resolveSibling(".building-" + key);
            TreeDigest.deleteTree(fresh);
            Path rootfs = Files.createDirectories(fresh.resolve("rootfs"));
            fill(rootfs, javaHome, hazelcastJar);
            JSON.writeValue(fresh.resolve("image.json").toFile(), new Description(TreeDigest.of(rootfs)));
            Files.move(fresh, image, StandardCopyOption.ATOMIC_MOVE);
        }
        Description description = JSON.readValue(image.resolve("image.json").toFile(), Description.class);
        return new HazelcastImage(image.resolve("rootfs"), description.digest());
    }

    /** The jar of Hazelcast on this class path. */
    public static Path hazelcastJar() {
        try {
            return Path.of(Class.forName("com.hazelcast.core.Hazelcast")
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("Hazelcast is not on the class path", e);
        }
    }

    /**
     * The command of a member, for {@link io.memorymachine.platform.local.WorkloadSpec#command}. The heap lies in an
     * unnamed file in {@code /mm/pmem/heap}.
     *
     * @param workload the name of the StatefulSet
     * @param service the name of its service
     * @param heapBytes initial and maximal
     */
    public static List<String> command(String workload, String service, int replicas, long heapBytes) {
        String members = IntStream.range(0, replicas)
                .mapToObj(ordinal -> workload + "-" + ordinal + "." + service + ":" + PORT)
                .collect(Collectors.joining(","));
        List<String> command = java(heapBytes, "$(MM_POD_NAME)." + service, members);
        command.addAll(List.of("-XX:AllocateHeapAt=/mm/pmem/heap", "-XX:SharedArchiveFile=" + ARCHIVE));
        command.addAll(MAIN);
        return command;
    }

    /**
     * The command of the same member outside of a container, alone, with an ordinary heap.
     *
     * @param rootfs the image's tree
     */
    public static List<String> plainCommand(Path rootfs, long heapBytes, String address, int port) {
        return plainCommand(heapBytes, address, port).stream()
                .map(argument -> argument.replace("/opt/", rootfs + "/opt/"))
                .toList();
    }

    /** The same, for whoever has the image as its root. */
    public static List<String> plainCommand(long heapBytes, String address, int port) {
        List<String> command = new ArrayList<>();
        java(heapBytes, address, address + ":" + port)
                .forEach(argument -> command.add(argument.replace(":" + PORT, ":" + port)));
        command.add("-Dhz.network.port.port=" + port);
        command.addAll(MAIN);
        return command;
    }

    /** The same command for a member whose heap is touched in whole before it starts. */
    public static List<String> touchingItsHeap(List<String> command) {
        List<String> touching = new ArrayList<>(command);
        touching.add(1, "-XX:+AlwaysPreTouch");
        return touching;
    }

    private static List<String> java(long heapBytes, String address, String members) {
        List<String> java = new ArrayList<>(List.of(
                "/opt/java/bin/java",
                "-Xms" + heapBytes,
                "-Xmx" + heapBytes,
                // The others keep books outside of the heap, a 32nd to a 64th of it, which CRIU copies
                // while the member is frozen.
                "-XX:+UseSerialGC",
                // Its file would be mapped from /tmp, and its name is the PID.
                "-XX:-UsePerfData",
                // The class archive at the address that it was made for: moved, it is written to in
                // every page, and what is written to is copied by CRIU while the member is frozen
                // (30 of 100 MB).
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-Djava.net.preferIPv4Stack=true",
                // A name has another address after a restore.
                "-Dsun.net.inetaddr.ttl=1",
                "-Dsun.net.inetaddr.negative.ttl=0",
                // Who breaks four connections is taken for dead, counted at most once in this many
                // milliseconds: after a restore all of them break, and there may be dozens.
                "-Dhazelcast.connection.monitor.interval=1000",
                // At its next heartbeat a restored member gets over the jump of its wall clock; until all
                // have, they refuse each other's operations.
                "-Dhazelcast.heartbeat.interval.seconds=1",
                "-Dhazelcast.config=/opt/hazelcast/hazelcast.xml",
                "-Dhazelcast.local.localAddress=" + address,
                "-Dhazelcast.local.publicAddress=" + address + ":" + PORT,
                "-Dmm.members=" + members));
        for (String opened : List.of(
                "java.base/java.lang",
                "java.base/sun.nio.ch",
                "java.management/sun.management",
                "jdk.management/com.sun.management.internal")) {
            java.addAll(List.of("--add-opens", opened + "=ALL-UNNAMED"));
        }
        java.addAll(List.of("--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED"));
        return java;
    }

    private static String key(Path javaHome, Path hazelcastJar) throws IOException {
        try (InputStream configuration = configuration()) {
            return TreeDigest.hex(
                            RECIPE.getBytes(StandardCharsets.UTF_8),
                            MODULES.getBytes(StandardCharsets.UTF_8),
                            Files.readAllBytes(javaHome.resolve("release")),
                            configuration.readAllBytes(),
                            Files.readAllBytes(hazelcastJar))
                    .substring(0, 12);
        }
    }

    private static void fill(Path rootfs, Path javaHome, Path hazelcastJar) throws IOException {
        Path java = rootfs.resolve("opt/java");
        Files.createDirectories(java.getParent());
        Tool.run(
                javaHome.resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                java.toString());
        Tool.run(java.resolve("bin/java").toString(), "-Xshare:dump", "-Xlog:all=off");
        SystemLibraries.copyFor(java, rootfs);

        Path hazelcast = Files.createDirectories(rootfs.resolve("opt/hazelcast"));
        Files.copy(hazelcastJar, hazelcast.resolve("hazelcast.jar"));
        try (InputStream configuration = configuration()) {
            Files.copy(configuration, hazelcast.resolve("hazelcast.xml"));
        }

        for (String directory : List.of("proc", "sys", "dev", "run", "root", "mm/pmem", "mm/bin")) {
            Files.createDirectories(rootfs.resolve(directory));
        }
        for (String directory : List.of("tmp", "var/tmp")) {
            Tool.run(
                    "chmod",
                    "1777",
                    Files.createDirectories(rootfs.resolve(directory)).toString());
        }
        Path etc = Files.createDirectories(rootfs.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/sbin/nologin\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\n");
        // Names come from the hosts file, which is mounted over this one; an unknown name fails at once.
        Files.writeString(etc.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
        Files.writeString(etc.resolve("hosts"), "");
        Files.writeString(etc.resolve("resolv.conf"), "");

        List<String> training = java(128L << 20, "127.0.0.1", "127.0.0.1");
        // On the host's loopback, where somebody may have the port.
        training.add("-Dhz.network.port.auto-increment=true");
        ClassArchive.create(rootfs, ARCHIVE, training, MAIN);
    }

    private static InputStream configuration() {
        return HazelcastImage.class.getResourceAsStream("hazelcast.xml");
    }

    /** The content of {@code image.json}. */
    record Description(String digest) {}
}
