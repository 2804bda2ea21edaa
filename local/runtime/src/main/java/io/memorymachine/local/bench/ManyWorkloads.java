package io.memorymachine.local.bench;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.local.process.Launch;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.platform.local.HostProcess;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalWorkloads;
import io.memorymachine.platform.local.WorkloadSpec;

/**
 * Workloads of one member each, since one operation at a time works on a workload. One process that sleeps stands for all
 * members: they are found like any other, and nobody touches them. It is a process of the run directory, so {@code ./mm down}
 * ends it too.
 */
final class ManyWorkloads implements AutoCloseable {
    static final String NAMESPACE = "bench";
    static final long HEAP = 1L << 20;

    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Bench bench;
    private final ProcessRecord sleeper;
    private final List<String> names;

    private ManyWorkloads(Bench bench, ProcessRecord sleeper, List<String> names) {
        this.bench = bench;
        this.sleeper = sleeper;
        this.names = names;
    }

    /** Writes so many down. */
    static ManyWorkloads write(Bench bench, int count) {
        ProcessRecord sleeper = bench.processes()
                .start(new Launch(
                        "bench-member",
                        List.of("sleep", "infinity"),
                        Map.of(),
                        bench.directory().root()));
        LocalWorkloads workloads =
                new LocalWorkloads(LocalPaths.of(bench.directory().root()), Clock.systemUTC());
        HostProcess process = new HostProcess(sleeper.pid(), sleeper.startTicks());
        List<String> names =
                IntStream.range(0, count).mapToObj(number -> "many-" + number).toList();
        names.forEach(name -> workloads.adopt(spec(bench, name), process));
        return new ManyWorkloads(bench, sleeper, names);
    }

    /** The name of one, counted from 0. */
    String name(int number) {
        return names.get(number);
    }

    @Override
    public void close() {
        bench.processes().end(List.of(sleeper), END_WITHIN);
        bench.processes().forget(sleeper);
    }

    private static WorkloadSpec spec(Bench bench, String name) {
        return new WorkloadSpec(
                new WorkloadRef(NAMESPACE, name),
                name,
                1,
                bench.rootfs(),
                "sha256:0",
                List.of("sleep"),
                Map.of(),
                bench.directory().volume(),
                bench.installation().nativePrograms(),
                HEAP,
                0);
    }
}
