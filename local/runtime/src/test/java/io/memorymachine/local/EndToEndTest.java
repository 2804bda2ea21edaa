package io.memorymachine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.client.ProblemException;
import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.demo.DemoOptions;
import io.memorymachine.local.demo.DemoReport;
import io.memorymachine.local.demo.DemoReport.RestoredMember;
import io.memorymachine.local.demo.DemoRun;
import io.memorymachine.local.host.Tool;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.local.system.SystemStatus;
import io.memorymachine.local.system.TakeDown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The whole system with real members and CRIU, beside whatever {@code ./mm up} has started: its own run directory, free
 * ports. Where it cannot run it is skipped with the reason, and in CI it fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {
    private static final long MIB = 1L << 20;
    private static final int MEMBERS = 3;

    private final Console console = Console.standard();
    private final Installation installation = Installation.find();
    private final RunDirectory directory = RunDirectory.at(Path.of(System.getProperty("mm.test.run")));
    private final Processes processes = new Processes(directory.root());
    private final SystemSettings settings =
            new SystemSettings(Ports.free(), MEMBERS, 256 * MIB, 4096 * MIB, false, false);
    private final Services services = new Services(settings.ports(), directory.token());

    @BeforeAll
    void bringUp() {
        Obstacles.assumeNone(directory, installation, settings.ports());
        new SystemStarter(directory, installation, settings, processes, console).start();
    }

    @AfterAll
    void takeDownLeavesNothing() {
        TakeDown takeDown = new TakeDown(directory, new Processes(directory.root()));
        takeDown.run();

        assertThat(takeDown.troubles()).isEmpty();
        assertThat(takeDown.leftovers()).isEmpty();
    }

    @Test
    @Order(1)
    void everythingThatWasStartedIsReady() {
        SystemStatus status = SystemStatus.of(directory, installation, processes);

        assertThat(status.complete()).as(Json.text(status)).isTrue();
        assertThat(status.members())
                .hasSize(MEMBERS)
                .allSatisfy(member -> assertThat(member.safe()).isTrue());
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource({
        "Not-A-Label, demo, hz, '', INVALID_NAME",
        "fine, demo, nobody, '', WORKLOAD_NOT_FOUND",
        "fine, demo, hz, --frobnicate, INVALID_PROFILE_OPTION",
    })
    void aWrongRequestIsRefusedWithItsReasonAndTheClusterStaysActive(
            String name, String namespace, String workload, String options, String reason) {
        assertThatThrownBy(() -> {
                    services.requestSnapshot(name, namespace, workload, options);
                })
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.reason()).isEqualTo(reason));
        assertThat(clusterStates()).containsOnly("ACTIVE");
    }

    @Test
    @Order(3)
    void aSnapshotThatDoesNotExistCannotBeRestored() {
        assertThatThrownBy(() -> services.requestRestore("never-taken"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.reason()).isEqualTo("SNAPSHOT_NOT_FOUND"));
    }

    @Test
    @Order(4)
    void aDestroyedClusterComesBackWithEveryEntryUnderNewAddresses() {
        DemoRun demo = new DemoRun(directory, settings, new DemoOptions(20_000, 512, true), console, Instant.now());

        demo.run(Duration.ZERO);

        DemoReport report = demo.report();
        Json.write(directory.demoReport(), report);
        assertThat(report.succeeded()).as(Json.text(report)).isTrue();
        assertThat(report.verification().same()).isTrue();
        assertThat(report.snapshot().captureMode()).isEqualToIgnoringCase("clone");
        assertThat(report.snapshot().members()).hasSize(MEMBERS);
        assertThat(report.restore().members()).hasSize(MEMBERS).allMatch(RestoredMember::moved);
        assertThat(clusterStates()).containsOnly("ACTIVE");
    }

    @Test
    @Order(5)
    void aNameInUseIsRefused() {
        assertThatThrownBy(() -> services.requestSnapshot(
                        DemoRun.SNAPSHOT, SystemSettings.NAMESPACE, SystemSettings.WORKLOAD, ""))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.reason()).isEqualTo("SNAPSHOT_NAME_IN_USE"));
    }

    @Test
    @Order(6)
    void theRequestsOfTheReadmeWork() throws IOException {
        List<String> blocks = Readme.curlBlocks(installation.root().resolve("README.md"));
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            Tool ran = Tool.run("bash", "-euo", "pipefail", "-c", withPorts(block));
            assertThat(ran.ok()).as(block + "\n" + ran.output()).isTrue();
        }
    }

    @Test
    @Order(6)
    void theCommandsOfTheReadmeAndTheTutorialWork() throws IOException {
        // The demonstration's snapshot has the name that the tutorial gives.
        List<String> blocks =
                new ArrayList<>(List.of("kubectl mvmcli clustersnap delete " + DemoRun.SNAPSHOT + " --yes"));
        blocks.addAll(Readme.shellBlocks(installation.root().resolve("README.md")).stream()
                .filter(block -> block.contains("kubectl mvmcli"))
                .toList());
        blocks.addAll(Readme.shellBlocks(installation.root().resolve("docs/TUTORIAL.md")));
        assertThat(blocks).hasSizeGreaterThan(10);

        Tool ran = Tutorial.run(installation, directory, blocks);

        assertThat(ran.ok()).as(ran.output()).isTrue();
        assertThat(ran.output())
                .contains("snapshot hz-snap-test is sealed", "Nothing is against it", "are back from snapshot")
                .contains("snapshot hz-snap-test is deleted");
        // Before the snapshot, and again after the restore: what came between is not there.
        assertThat(ran.output().split("engineering has 2000 employees, the cluster 2000;", -1))
                .hasSize(3);
        assertThat(clusterStates()).containsOnly("ACTIVE");
    }

    @Test
    @Order(6)
    void anInterruptEndsTheWatchingAndNotTheSnapshot() throws IOException, InterruptedException {
        Tool watched = Tutorial.interrupted(
                installation, directory, "clustersnap", "create", "watched", "-n", "demo", "--statefulset", "hz");

        assertThat(watched.status()).as(watched.output()).isEqualTo(130);
        assertThat(watched.output())
                .contains("The watching ends; snapshot watched goes on.")
                .contains("kubectl mvmcli clustersnap watch watched");
        services.followSnapshot("watched", Duration.ofMinutes(1), progress -> {});
        assertThat(services.snapshot("watched").phase()).isEqualTo("sealed");
        services.deleteSnapshot("watched");
    }

    @Test
    @Order(7)
    void whatWasKilledIsStartedAgainAndTheRestStays() {
        ProcessRecord victim =
                processes.running(ServiceProcess.LICENSE.module()).orElseThrow();
        ProcessRecord bystander =
                processes.running(ServiceProcess.PMEM.module()).orElseThrow();
        processes.end(List.of(victim), Duration.ZERO);

        new SystemStarter(directory, installation, settings, processes, console).start();

        assertThat(processes.running(ServiceProcess.LICENSE.module())).isPresent();
        assertThat(processes.running(ServiceProcess.PMEM.module())).contains(bystander);
        assertThat(SystemStatus.of(directory, installation, processes).complete())
                .isTrue();
    }

    @Test
    @Order(8)
    void noSecretIsInALogAReportARowOrAMessage() throws Exception {
        PostgresServer postgres = PostgresServer.attachOrStart(new PostgresServer.Options(
                directory.postgres(), 0, false, true, PostgresServer.Options.defaultCache()));
        List<String> secrets = new ArrayList<>(
                PostgresServer.SCHEMAS.stream().map(postgres::password).toList());
        secrets.add(postgres.password("postgres"));
        secrets.add(Files.readString(directory.token()).strip());
        Path[] inSight = {
            directory.logs(),
            directory.run(),
            directory.settings(),
            directory.demoReport(),
            directory.postgres().resolve("postgres.log")
        };
        String jdbcUrl = postgres.jdbcUrl("public");
        SecretSearch search = new SecretSearch(secrets);
        SecretSearch known = new SecretSearch(List.of("capture"));

        assertThat(search.inFiles(inSight)).isEmpty();
        assertThat(search.inTables(jdbcUrl, "postgres", postgres.password("postgres")))
                .isEmpty();
        assertThat(search.inTopics(settings.ports().bootstrapServers())).isEmpty();

        // It would have found them: these are there.
        assertThat(new SecretSearch(List.of(SystemSettings.WORKLOAD)).inFiles(inSight))
                .isNotEmpty();
        assertThat(known.inTables(jdbcUrl, "postgres", postgres.password("postgres")))
                .isNotEmpty();
        assertThat(known.inTopics(settings.ports().bootstrapServers())).isNotEmpty();
    }

    private List<String> clusterStates() {
        return SystemStatus.of(directory, installation, processes).members().stream()
                .map(member ->
                        ClusterHealth.of(member.ip(), HazelcastImage.PORT).clusterState())
                .toList();
    }

    private String withPorts(String commands) {
        String replaced = commands;
        for (ServiceProcess service : ServiceProcess.values()) {
            replaced = replaced.replace(
                    Ports.DEFAULTS.url(service).substring("http://".length()),
                    settings.ports().url(service).substring("http://".length()));
        }
        return replaced.replace(".mm/", directory.root() + "/");
    }

    /** The README's part on the HTTP API. */
    private static final class Readme {
        private static final String FENCE = "```";

        /** The shell blocks that call curl, in their order. */
        static List<String> curlBlocks(Path readme) throws IOException {
            return shellBlocks(readme).stream()
                    .filter(block -> block.contains("curl"))
                    .toList();
        }

        /** All shell blocks, in their order. */
        static List<String> shellBlocks(Path readme) throws IOException {
            List<String> blocks = new ArrayList<>();
            StringBuilder block = null;
            for (String line : Files.readAllLines(readme)) {
                if (line.startsWith(FENCE)) {
                    if (block != null) {
                        blocks.add(block.toString());
                    }
                    block = line.equals(FENCE + "sh") ? new StringBuilder() : null;
                } else if (block != null) {
                    block.append(line).append('\n');
                }
            }
            return blocks;
        }
    }
}
