package io.memorymachine.pmem;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.pmem.runtime.Command;

import static org.assertj.core.api.Assertions.assertThat;

/** What members and placeholders on Kubernetes need of the static programs: mm-probe, and mm-init that prepares a folder. */
class PlaceholderHelpersTest {
    private static final Path NATIVE = Path.of("target", "native").toAbsolutePath();

    /** A root file system with nothing but the programs: they need neither a shell nor a library. */
    @TempDir
    Path root;

    private Path pmem;

    @BeforeEach
    void fill() throws IOException {
        pmem = Files.createDirectories(root.resolve("mm/pmem"));
        Path bin = Files.createDirectories(root.resolve("mm/bin"));
        for (String program : List.of("mm-init", "mm-probe")) {
            Files.copy(NATIVE.resolve(program), bin.resolve(program), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tcp 1", "--http 1 /", "-- /no/such/command"})
    void aPlaceholderThatWaitsPassesEveryProbe(String arguments) {
        assertThat(probe(arguments.split(" "))).isZero();
    }

    @Test
    void onceFilledAnOpenPortPassesAndAClosedOneDoesNot() throws IOException {
        adopt();
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
            assertThat(probe("--tcp", Integer.toString(port))).isZero();
        }
        assertThat(probe("--tcp", Integer.toString(port))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "204, 0", "302, 0", "404, 1", "503, 1"})
    void onceFilledTheAnswersStatusCounts(int status, int expected) throws IOException {
        adopt();
        List<String> asked = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(probe("--http", Integer.toString(port), "/health?deep=1"))
                    .isEqualTo(expected);
            assertThat(asked).containsExactly("GET /health?deep=1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void onceFilledACommandsStatusCounts() throws IOException {
        adopt();

        assertThat(probe("--", "/mm/bin/mm-init")).as("a usage error").isEqualTo(125);
        assertThat(probe("--", "/no/such/command")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tcp", "--tcp x", "--tcp 0", "--tcp 65536", "--tcp 1 2", "--http 1", "--", "nothing"})
    void whatIsNoProbeIsNeverPassed(String arguments) throws IOException {
        adopt();

        assertThat(probe(arguments.split(" "))).isNotZero();
    }

    @Test
    void aFolderIsEmptiedWithoutFollowingLinks() throws IOException {
        Path precious =
                Files.writeString(Files.createDirectories(root.resolve("etc")).resolve("passwd"), "root");
        Files.createSymbolicLink(pmem.resolve("link"), Path.of("/etc"));
        Files.createDirectories(pmem.resolve("dump/heap"));
        Files.writeString(pmem.resolve("dump/heap/link_remap.1"), "x");
        Files.createDirectories(
                pmem.resolve("heap"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(pmem.resolve("heap/heap"), "x");
        adopt();

        assertThat(run("/mm/bin/mm-init", "--prepare")).isZero();

        assertThat(precious).exists();
        try (Stream<Path> left = Files.list(pmem)) {
            assertThat(left).containsExactly(pmem.resolve("heap"));
        }
        assertThat(pmem.resolve("heap")).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(pmem.resolve("heap"), LinkOption.NOFOLLOW_LINKS)))
                .as("for whatever user the application runs as")
                .isEqualTo("rwxrwxrwx");
    }

    @Test
    void aFolderThatIsNotThereIsAFailure() throws IOException {
        Files.delete(pmem);

        assertThat(run("/mm/bin/mm-init", "--prepare")).isEqualTo(1);
    }

    private void adopt() throws IOException {
        Files.writeString(pmem.resolve("adopted"), "7");
    }

    private int probe(String... arguments) {
        return run(Stream.concat(Stream.of("/mm/bin/mm-probe"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private int run(String... command) {
        return Command.of(Stream.concat(Stream.of("chroot", root.toString()), Stream.of(command))
                        .toArray(String[]::new))
                .run()
                .status();
    }
}
