package io.memorymachine.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The scripts beside the manifests: what they say, and what they would do. No cluster is asked. */
class ScriptsTest {
    private static final Path K8S = Path.of("../k8s");

    @TempDir
    Path folder;

    private record Result(int status, String output) {}

    static Stream<Path> scripts() throws IOException {
        List<Path> found = new ArrayList<>(List.of(K8S.resolve("e2e/run")));
        try (Stream<Path> files = Files.list(K8S.resolve("scripts"))) {
            files.filter(Files::isExecutable).forEach(found::add);
        }
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void eachExplainsItselfAndRefusesWhatItDoesNotKnow(Path script) throws Exception {
        Result help = run(script.toString(), "--help");
        assertThat(help.status()).as(help.output()).isZero();
        assertThat(help.output()).contains("usage: " + script.getFileName(), "--dry-run", "--help");

        Result unknown = run(script.toString(), "--no-such-option");
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.output()).contains("unknown option --no-such-option");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void eachIsCleanToShellcheck(Path script) throws Exception {
        assumeTrue(isThere("shellcheck"), "shellcheck is not on the path");

        assertThat(run("shellcheck", "-x", script.toString()).output()).isEmpty();
    }

    @Test
    void installWritesNoSecretAndTakesEveryImageFromTheGivenRegistry() throws Exception {
        assumeTrue(isThere("kubectl"), "kubectl is not on the path");
        Path license = Files.writeString(folder.resolve("license"), "the licence's text");

        Result dry = run(
                K8S.resolve("scripts/install.sh").toString(),
                "--dry-run",
                "--mm-license",
                license.toString(),
                "--image-repo",
                "registry.local/mm",
                "--tag",
                "9.9",
                "--pull-secret",
                "pull");

        assertThat(dry.status()).as(dry.output()).isZero();
        assertThat(dry.output())
                .doesNotContain("the licence's text", "PRIVATE KEY")
                .contains("caBundle: ", "- name: pull");
        assertThat(dry.output().lines().filter(line -> line.strip().startsWith("image: ")))
                .isNotEmpty()
                .allMatch(line -> line.matches(" +image: registry\\.local/mm/[a-z-]+:9\\.9"));
    }

    @Test
    void theTutorialsOptionsOfConfigPmemAreTaken() throws Exception {
        assumeTrue(isThere("kubectl"), "kubectl is not on the path");

        Result dry = run(
                K8S.resolve("scripts/config-pmem.sh").toString(),
                "--dry-run",
                "--pmem-emulation",
                "--mm-capacity",
                "64Gi",
                "--pmem-csi-image",
                "r/pmem-csi-driver:v1.0.2",
                "--pause-image",
                "r/pause",
                "--namespace",
                "memverge",
                "--pull-secret",
                "memverge-dockerconfig");

        assertThat(dry.status()).as(dry.output()).isZero();
        assertThat(dry.output()).contains("MM_PMEM_SIZE: \"68719476736\"", "memverge-dockerconfig");
    }

    @Test
    void aCapacityThatIsNoneIsRefused() throws Exception {
        for (String capacity : List.of("", "x", "3Q", "-1Gi", "1 Gi", "100Mi")) {
            Result refused = run(
                    K8S.resolve("scripts/config-pmem.sh").toString(),
                    "--dry-run",
                    "--pmem-emulation",
                    "--mm-capacity",
                    capacity);
            assertThat(refused.status()).as(capacity + ": " + refused.output()).isEqualTo(1);
        }
    }

    private static boolean isThere(String tool) throws Exception {
        return run("bash", "-c", "command -v " + tool).status() == 0;
    }

    private static Result run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", "/nonexistent");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
