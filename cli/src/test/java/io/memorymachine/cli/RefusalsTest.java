package io.memorymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a user sees when something is refused, fails or is away: the reason, the next thing to try, and the exit status. */
class RefusalsTest {
    @TempDir
    Path directory;

    private RecordedServices services;

    @BeforeEach
    void start() {
        services = new RecordedServices(directory).filled();
    }

    @AfterEach
    void stop() {
        services.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, problem-invalid-profile-option.json, INVALID_PROFILE_OPTION, 2",
        "404, problem-workload-not-found.json, WORKLOAD_NOT_FOUND, 3",
        "409, problem-workload-busy.json, WORKLOAD_BUSY, 4",
        "409, problem-name-in-use.json, SNAPSHOT_NAME_IN_USE, 4",
        "401, problem-unauthenticated.json, UNAUTHENTICATED, 5"
    })
    void aRefusalHasItsReasonItsAdviceAndItsStatus(int http, String problem, String reason, int status) {
        services.refuse("POST /api/v1/snapshots", http, problem);

        Run run = Run.of(directory, "clustersnap", "create", "new", "-n", "demo", "--statefulset", "hz");

        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("error: " + reason + ": ")
                .contains("kubectl mvmcli explain " + reason)
                .doesNotContain("Exception");
    }

    @Test
    void aProxyThatAnswersInsteadOfAServiceIsNoRiddle() {
        services.refuse("GET /api/v1/snapshots", 503, "");

        Run run = Run.of(directory, "clustersnap", "list");

        assertThat(run.status()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).startsWith("error: ").contains("HTTP 503");
    }

    @Test
    void aServiceOfAnEarlierReleaseSaysOnlyWhichInterfaceItHas() {
        services.refuse("GET /api/v1/version", 404, "problem-snapshot-not-found.json");

        Run run = Run.of(directory, "version", "-o", "jsonpath={.pmem-service.product}|{.pmem-service.api}");

        assertThat(run).isEqualTo(new Run(ExitCode.OK, "|v1", ""));
    }

    @Test
    void servicesThatAreAwayAreTold() {
        services.close();

        Run run = Run.of(directory, "clustersnap", "list");

        assertThat(run.status()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).contains("nobody listens at http://127.0.0.1:").contains("kubectl mvmcli doctor");
    }

    @Test
    void aRunDirectoryWithoutASystemIsTold(@TempDir Path empty) {
        Run run = Run.of(empty, "usage");

        assertThat(run.status()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).contains("no system runs in").contains("./mm up");
    }

    @Test
    void aWrongTokenIsRefused() throws IOException {
        Files.writeString(directory.resolve("token"), "another");

        Run run = Run.of(directory, "usage");

        assertThat(run.status()).isEqualTo(ExitCode.FORBIDDEN);
        assertThat(run.err()).startsWith("error: UNAUTHENTICATED");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "usage -o xml, there is no output format 'xml'",
                "usage -o jsonpath={.a, a closing one",
                "clustersnap list -o custom-columns=NAME, HEADING:.path",
                "clustersnap create x -n demo, Missing required option: '--statefulset",
                "clustersnap create x -n demo --statefulset hz --max-pause soon, 'soon' is no duration",
                "clustersnap list -l name, field=value",
                "clustersnap, Missing required subcommand",
                "nonsense, Unmatched argument",
                "explain, VOLUME_FULL"
            })
    void aWrongCommandLineIsExplained(String line, String complaint) {
        Run run = Run.of(directory, line.split(" "));

        assertThat(run.out() + run.err()).contains(complaint);
        assertThat(run.status()).isEqualTo(line.equals("explain") ? ExitCode.OK : ExitCode.USAGE);
    }

    @Test
    void theVolumesAreShownAlthoughNobodyKnowsOfTheLicence() {
        services.refuse("GET /api/v1/license", 503, "");

        Run run = Run.of(directory, "usage");

        assertThat(run.status()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("local").contains("unknown");
        assertThat(run.err()).startsWith("warning: license-service");
    }

    @Test
    void deletingAsks() {
        Run no = Run.answering("n\n", directory, "clustersnap", "delete", "paused");
        assertThat(no.status()).isEqualTo(ExitCode.FAILED);
        assertThat(no.err()).contains("Delete snapshot paused of demo/hz in the system on this machine");
        assertThat(services.has("paused")).isTrue();

        Run nobody = Run.of(directory, "clustersnap", "delete", "paused");
        assertThat(nobody.status()).isEqualTo(ExitCode.USAGE);
        assertThat(nobody.err()).contains("--yes");
        assertThat(services.has("paused")).isTrue();

        Run yes = Run.answering("y\n", directory, "clustersnap", "delete", "paused");
        assertThat(yes.status()).isEqualTo(ExitCode.OK);
        assertThat(services.has("paused")).isFalse();
    }

    @Test
    void whatIsNotThereIsNotDeleted() {
        Run run = Run.of(directory, "clustersnap", "delete", "nobody", "--yes");

        assertThat(run.status()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run.err()).contains("kubectl mvmcli clustersnap list");
        assertThat(services.asked()).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void anOperationThatCannotBeCancelledAnyMoreIsTold() {
        Run run = Run.of(directory, "clustersnap", "cancel", "paused");

        assertThat(run.status()).isEqualTo(ExitCode.CONFLICT);
        assertThat(run.err()).startsWith("error: NOT_CANCELLABLE");
    }

    @Test
    void aLicenceThatDoesNotHoldIsTold(@TempDir Path files) throws IOException {
        Path broken = Files.writeString(files.resolve("broken"), "{}");

        Run run = Run.of(directory, "license", "verify", broken.toString());

        assertThat(run.status()).isEqualTo(ExitCode.FORBIDDEN);
        assertThat(run.out()).contains("LICENSE_MALFORMED");
        assertThat(run.err()).startsWith("error: LICENSE_MALFORMED");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        Run run = Run.of(directory, "license", "install", "/nowhere/license.json");

        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("/nowhere/license.json cannot be read");
    }
}
