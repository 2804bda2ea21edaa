package io.memorymachine.local.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.hazelcast.instance.BuildInfoProvider;

import io.memorymachine.local.bench.BenchReport.Machine;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.host.Hardware;
import io.memorymachine.pmem.runtime.Toolbox;

/** Runs sections one after the other and keeps what they find until the report is asked for. */
public final class BenchRun {
    /** All sections, in order. */
    public static final List<String> SECTIONS = List.of("cluster", "machinery", "space", "sagas", "heap", "steady");

    private final Bench bench;
    private final Instant startedAt;
    private final List<Section> sections = new ArrayList<>();
    private String failure;

    /**
     * A run of which nothing was done yet.
     *
     * @param startedAt when the command began
     */
    public BenchRun(Bench bench, Instant startedAt) {
        this.bench = bench;
        this.startedAt = startedAt;
    }

    /** Runs these sections; one that cannot be measured ends the run with an exception, and those before it stay. */
    public void run(List<String> ids) {
        for (String id : SECTIONS) {
            if (ids.contains(id)) {
                bench.console().section("Benchmark: " + id);
                sections.add(section(id));
            }
        }
    }

    /** Something could not be measured; what is said first is kept in the report. */
    public void failed(String why) {
        bench.console().failed(why, "");
        failure = failure == null ? why : failure;
    }

    /** What was found until now. */
    public BenchReport report() {
        return new BenchReport(
                BenchReport.FORMAT,
                startedAt,
                Duration.between(startedAt, Instant.now()).toMillis(),
                bench.quick(),
                machine(),
                List.copyOf(sections),
                failure);
    }

    private Section section(String id) {
        return switch (id) {
            case "cluster" -> new ClusterSection(bench).run();
            case "machinery" -> new MachinerySection(bench).run();
            case "sagas" -> new SagasSection(bench).run();
            case "heap" -> new HeapSection(bench, this::failed).run();
            case "steady" -> new SteadySection(bench).run();
            case "space" -> new SpaceSection(bench).run();
            default -> throw new IllegalArgumentException("there is no section " + id);
        };
    }

    private Machine machine() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Java", System.getProperty("java.vm.version"));
        versions.put("Hazelcast", BuildInfoProvider.getBuildInfo().getVersion());
        versions.put("CRIU", new Toolbox(bench.installation().nativePrograms()).requireCriu());
        Hardware here = Hardware.here();
        return new Machine(here.kernel(), here.processors(), here.processor(), here.memoryBytes(), versions);
    }
}
