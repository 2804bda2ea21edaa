package io.memorymachine.pmem.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import io.memorymachine.pmem.runtime.Trees;

/**
 * Test resource: a folder for a node, with the volume, a proc file system and the toolbox. CRIU is a script there that
 * checks nothing; it fails where a file {@code criu-is-broken} or, asked about the CPU, {@code cpu-lacks-something} lies
 * beside it. There is no key for images until a test makes one.
 */
public final class NodeFolder implements QuarkusTestResourceLifecycleManager {
    private static final String CRIU = """
            #!/bin/sh
            folder=$2; shift 3
            case "$1" in
                --version) echo 'Version: 4.2.1-test' ;;
                check) test ! -e "$folder/criu-is-broken" || { echo 'vDSO is unknown'; exit 1; } ;;
                cpuinfo) test ! -e "$folder/cpu-lacks-something" || { echo 'avx512 is missing'; exit 1; } ;;
                *) exit 2 ;;
            esac
            """;

    private Path folder;

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("mm-node-");
            Path criu = Files.createDirectories(folder.resolve("bin/criu"));
            for (String helper : List.of("mm-init", "mm-hook", "mm-enter", "mm-smaps.so", "criu/criu")) {
                executable(folder.resolve("bin").resolve(helper), "");
            }
            executable(criu.resolve("ld-linux-x86-64.so.2"), CRIU);
            Files.createDirectories(folder.resolve("proc"));
            return Map.of(
                    "mm.node.name", "node-a",
                    "mm.pmem.volume", folder.resolve("pmem").toString(),
                    "mm.pmem.bin", folder.resolve("bin").toString(),
                    "mm.pmem.logs", folder.resolve("logs").toString(),
                    "mm.pmem.encryption-key-file", folder.resolve("image-key").toString(),
                    "test.node.folder", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            Trees.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
