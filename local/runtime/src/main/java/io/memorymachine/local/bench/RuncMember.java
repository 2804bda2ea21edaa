package io.memorymachine.local.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.local.Json;
import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.Processes;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Trees;

/**
 * The same program as {@link PlainMember}, as a container of runc on the host's network: what {@code runc checkpoint} is
 * tried on. It lies where the members' containers do and bears the run directory's mark, so {@code ./mm down} ends it too.
 */
final class RuncMember implements AutoCloseable {
    private static final String ID = "bench-plain";
    private static final int PORT = 5798;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);

    /** What {@link CriuDump} tells CRIU on its command line; runc has no switches for it. */
    private static final String CRIU_OPTIONS = "tcp-close\nnetwork-lock skip\nfile-validation filesize\n";

    private static final List<String> CAPABILITIES = Stream.of(
                    "CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID")
            .map("CAP_"::concat)
            .toList();

    private final LocalPaths paths;
    private final Path folder;
    private final Path criu;

    private RuncMember(Bench bench) {
        paths = LocalPaths.of(bench.directory().root());
        folder = bench.directory().root().resolve("bench-runc");
        criu = bench.installation().nativePrograms().resolve("criu");
    }

    /** Starts it with a heap of this size and waits until it serves; nothing is left of it if that fails. */
    static RuncMember start(Bench bench, long heapBytes) {
        RuncMember member = new RuncMember(bench);
        member.close();
        try {
            member.write(bench.rootfs(), heapBytes);
            member.run();
            member.awaitReady();
            return member;
        } catch (IOException e) {
            member.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    /** A client of it. */
    HazelcastInstance connect(String name) {
        return PlainMember.connect(name, PORT);
    }

    /** Has runc write it into a folder, which is made and removed again; it runs on. */
    CriuDump checkpoint(Path into) {
        return CriuDump.by(
                Command.of(
                        "env",
                        "PATH=" + folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"),
                        "runc",
                        "--root",
                        paths.runc().toString(),
                        "checkpoint",
                        "--leave-running",
                        "--image-path",
                        into.toString(),
                        "--work-path",
                        into.toString(),
                        ID),
                into);
    }

    @Override
    public void close() {
        if (Files.exists(paths.runc().resolve(ID))) {
            Command.Result deleted = Command.of("runc", "--root", paths.runc().toString(), "delete", "--force", ID)
                    .run();
            if (!deleted.succeeded()) {
                throw new BenchFailedException("runc delete: " + deleted.output());
            }
        }
        try {
            Trees.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Path rootfs, long heapBytes) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("criu.conf"), CRIU_OPTIONS);
        // Runc looks for criu on its path, and ours is started through its own loader.
        Path program = folder.resolve("bin/criu");
        Files.writeString(
                program,
                String.format(
                        "#!/bin/sh%nexec '%s/ld-linux-x86-64.so.2' --library-path '%s' '%s/criu' \"$@\"%n",
                        criu, criu, criu));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Json.write(folder.resolve("config.json"), configuration(rootfs, heapBytes));
    }

    /** Its output goes nowhere: a file of the host could not be found again from within, and CRIU refuses that. */
    private void run() throws IOException {
        Path log = folder.resolve("runc.log");
        File nowhere = new File("/dev/null");
        Process runc = new ProcessBuilder(
                        "runc",
                        "--root",
                        paths.runc().toString(),
                        "--log",
                        log.toString(),
                        "run",
                        "--detach",
                        "--bundle",
                        folder.toString(),
                        ID)
                .redirectInput(nowhere)
                .redirectOutput(nowhere)
                .redirectError(nowhere)
                .start();
        try {
            if (!runc.waitFor(STARTED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                runc.destroyForcibly();
                throw new BenchFailedException("runc run is not over after " + STARTED_WITHIN.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailedException("interrupted");
        }
        if (runc.exitValue() != 0) {
            throw new BenchFailedException("runc run: " + Files.readString(log).strip());
        }
    }

    private void awaitReady() {
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (!ClusterHealth.of("127.0.0.1", PORT).clusterState().equals("ACTIVE")) {
            if (Instant.now().isAfter(deadline)) {
                throw new BenchFailedException(
                        "the member in runc does not serve after " + READY_WITHIN.toSeconds() + " s");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchFailedException("interrupted");
            }
        }
    }

    private Map<String, Object> configuration(Path rootfs, long heapBytes) {
        Map<String, String> environment = new HashMap<>(HazelcastImage.ENVIRONMENT);
        environment.put("PATH", "/usr/bin:/bin");
        environment.put(Processes.MARK, paths.root().toString());
        return Map.of(
                "ociVersion",
                "1.0.2",
                "hostname",
                ID,
                "annotations",
                Map.of("org.criu.config", folder.resolve("criu.conf").toString()),
                "root",
                Map.of("path", rootfs.toString(), "readonly", true),
                "process",
                Map.of(
                        "terminal",
                        false,
                        "user",
                        Map.of("uid", 0, "gid", 0),
                        "cwd",
                        "/",
                        "args",
                        HazelcastImage.touchingItsHeap(HazelcastImage.plainCommand(heapBytes, "127.0.0.1", PORT)),
                        "env",
                        environment.entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .toList(),
                        "capabilities",
                        Map.of("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES)),
                "mounts",
                List.of(
                        mount("/proc", "proc"),
                        mount("/dev", "tmpfs", "mode=755", "size=65536k"),
                        mount("/dev/shm", "tmpfs", "mode=1777", "size=65536k"),
                        mount("/tmp", "tmpfs", "mode=1777", "size=65536k"),
                        mount("/sys", "sysfs", "ro")),
                "linux",
                Map.of(
                        "cgroupsPath",
                        "/" + paths.cgroup() + "/" + ID,
                        "namespaces",
                        Stream.of("pid", "mount", "ipc", "uts")
                                .map(kind -> Map.of("type", kind))
                                .toList()));
    }

    private static Map<String, Object> mount(String target, String type, String... options) {
        return Map.of("destination", target, "type", type, "source", type, "options", List.of(options));
    }
}
