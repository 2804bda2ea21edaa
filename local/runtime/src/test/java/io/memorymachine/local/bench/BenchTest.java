package io.memorymachine.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.local.Json;
import io.memorymachine.local.Obstacles;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.local.system.TakeDown;

import static org.assertj.core.api.Assertions.assertThat;

/** The quick benchmark: that everything can be measured and is written down, not how fast it is. */
class BenchTest implements Bench.Systems {
    private final Console console = Console.standard();
    private final Installation installation = Installation.find();
    private final RunDirectory directory = RunDirectory.at(Path.of(System.getProperty("mm.test.run")));
    private final Ports ports = Ports.free();

    @BeforeEach
    void assumeTheMachineCan() {
        Obstacles.assumeNone(directory, installation, ports);
    }

    @AfterEach
    void takeDownLeavesNothing() {
        TakeDown takeDown = new TakeDown(directory, new Processes(directory.root()));
        takeDown.run();

        assertThat(takeDown.troubles()).isEmpty();
        assertThat(takeDown.leftovers()).isEmpty();
    }

    @Test
    void everythingIsMeasuredAndWrittenDown() throws IOException {
        HazelcastImage image = HazelcastImage.build(
                directory.images(), Path.of(System.getProperty("java.home")), HazelcastImage.hazelcastJar());
        BenchRun run = new BenchRun(
                new Bench(
                        true,
                        List.of(),
                        directory,
                        installation,
                        image.rootfs(),
                        new Processes(directory.root()),
                        console,
                        this),
                Instant.now());

        run.run(BenchRun.SECTIONS);

        BenchReport report = run.report();
        BenchSummary.lines(report).forEach(console::line);
        assertThat(report.complete()).isTrue();
        assertThat(report.sections()).extracting(Section::id).containsExactlyElementsOf(BenchRun.SECTIONS);
        assertThat(report.sections())
                .allSatisfy(section -> assertThat(section.measurements().values())
                        .as(section.id())
                        .isNotEmpty()
                        .allSatisfy(sample -> assertThat(sample.values()).isNotEmpty()));
        assertThat(report.sections())
                .flatExtracting(section -> section.measurements().entrySet())
                .filteredOn(measured -> measured.getKey().endsWith(", failed"))
                .hasSize(3)
                .allSatisfy(measured -> assertThat(measured.getValue().most()).isZero());
        Path folder = directory.root().resolve("bench");
        Path page = folder.resolve("PERFORMANCE.md");
        ReportFiles.write(report, folder);
        ReportFiles.replace(report, folder, page);
        assertThat(Json.read(folder.resolve(report.startedAt().toString().substring(0, 10) + ".json"), Object.class))
                .isPresent();
        assertThat(Files.readString(page))
                .contains("| Target |")
                .contains("-frozen.svg)", "-stall.svg)", "-sagas.svg)");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> plots =
                    files.filter(file -> file.toString().endsWith(".svg")).toList();
            assertThat(plots).hasSize(4);
        }
    }

    @Override
    public void with(SystemSettings settings, Bench.Work work) {
        new TakeDown(directory, new Processes(directory.root())).run();
        new SystemStarter(directory, installation, settings, new Processes(directory.root()), console).start();
        work.on(settings);
    }

    @Override
    public SystemSettings settings(int members, long heapBytes, long volumeBytes) {
        return new SystemSettings(ports, members, heapBytes, volumeBytes, true, false);
    }
}
