package io.memorymachine.local.soak;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.client.ProblemException;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.chaos.Operation;
import io.memorymachine.local.chaos.SagaEnd;
import io.memorymachine.local.chaos.TestData;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.demo.DemoClients;
import io.memorymachine.local.host.Hardware;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;

/**
 * Takes a snapshot, changes the data, restores it with a safety snapshot, verifies every entry, and deletes the snapshot;
 * then the same again. After each cycle everything that could grow is measured.
 */
public final class SoakRun {
    private static final Duration KEEP = Duration.ofMinutes(1);
    private static final Duration CLEAN_UP_INTERVAL = Duration.ofSeconds(5);

    /** For the services of an endurance run: what has ended is forgotten so soon that it can be waited for. */
    public static final Map<String, String> CONFIGURATION = Map.of(
            "mm.history.keep", KEEP.toString(),
            "mm.history.clean-up-interval", CLEAN_UP_INTERVAL.toString(),
            "mm.history.clean-up-delay", CLEAN_UP_INTERVAL.toString());

    private static final int ENTRIES = 2000;
    private static final int VALUE_BYTES = 100;
    private static final Duration SAGA_WITHIN = Duration.ofSeconds(120);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final RunDirectory directory;
    private final Processes processes;
    private final PostgresServer postgres;
    private final Services services;
    private final TestData data;
    private final Console console;
    private final Instant startedAt = Instant.now();
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<Long> cycleMillis = new ArrayList<>();
    private String failure;

    /** A run on a system that is up. */
    public SoakRun(
            RunDirectory directory,
            SystemSettings settings,
            Processes processes,
            PostgresServer postgres,
            Console console) {
        this.directory = directory;
        this.processes = processes;
        this.postgres = postgres;
        this.services = new Services(settings.ports(), directory.token());
        this.data = new TestData(name -> DemoClients.connect(settings, name), ENTRIES, VALUE_BYTES);
        this.console = console;
    }

    /**
     * Runs cycles.
     *
     * @throws SoakFailedException as soon as one does not do what it must; what was measured until then is in the report
     */
    public void run(int cycles) {
        Properties superuser = new Properties();
        superuser.setProperty("user", "postgres");
        superuser.setProperty("password", postgres.password("postgres"));
        try (Connection database = DriverManager.getConnection(postgres.jdbcUrl("public"), superuser)) {
            Measurer measurer = new Measurer(directory, processes, database);
            for (int cycle = 1; cycle <= cycles; cycle++) {
                long from = System.nanoTime();
                cycle(cycle);
                long took = (System.nanoTime() - from) / 1_000_000;
                cycleMillis.add(took);
                boolean compared = cycle == Growth.REFERENCE_CYCLE || cycle == cycles;
                if (compared) {
                    forget();
                }
                measurements.add(measurer.measure(compared));
                console.done("cycle " + cycle + " of " + cycles, Duration.ofMillis(took), options(cycle));
            }
        } catch (SQLException e) {
            throw new SoakFailedException("the database cannot be asked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SoakFailedException("interrupted", e);
        }
    }

    /** Something kept the run from its end. */
    public void failed(String why) {
        failure = why;
    }

    /** What was found until now. */
    public SoakReport report() {
        List<Growth> growths = measurements.size() > Growth.REFERENCE_CYCLE ? Growth.between(measurements) : List.of();
        return new SoakReport(
                SoakReport.FORMAT,
                startedAt,
                Duration.between(startedAt, Instant.now()).toMillis(),
                Hardware.here().describe(),
                failure == null && !measurements.isEmpty() && growths.stream().noneMatch(Growth::grew),
                measurements.size(),
                List.copyOf(cycleMillis),
                failure,
                growths);
    }

    private void cycle(int cycle) throws InterruptedException {
        String name = "soak-" + cycle;
        long generation = 2L * cycle;
        data.write(generation);
        require(cycle, "snapshot", Operation.snapshot(services, name, options(cycle), null));
        data.write(generation + 1);
        require(cycle, "restore", Operation.restore(services, name, true));
        String difference = data.difference(generation);
        if (!difference.isEmpty()) {
            throw new SoakFailedException("cycle " + cycle + ": the data are not the snapshot's: " + difference);
        }
        services.deleteSnapshot(name);
        awaitGone(name);
    }

    private void require(int cycle, String what, Operation operation) throws InterruptedException {
        SagaEnd end = operation.awaitEnd(services, SAGA_WITHIN);
        if (!end.completed()) {
            throw new SoakFailedException(
                    "cycle " + cycle + ": the " + what + " " + end.outcome() + " " + end.detail());
        }
    }

    private void awaitGone(String name) throws InterruptedException {
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                services.snapshot(name);
            } catch (ProblemException e) {
                if (e.reason().equals("SNAPSHOT_NOT_FOUND")) {
                    return;
                }
                throw e;
            }
            Thread.sleep(POLL.toMillis());
        }
        throw new SoakFailedException(name + " is not deleted after " + GONE_WITHIN.toSeconds() + " s");
    }

    /**
     * Waits until the services have forgotten every cycle, so that the rows that are left do not depend on how many cycles
     * fell into the time for which they are kept.
     */
    private void forget() throws InterruptedException {
        console.note("measuring", "once what has ended is forgotten, after " + KEEP.toSeconds() + " s");
        Thread.sleep(KEEP.plus(CLEAN_UP_INTERVAL.multipliedBy(2)).toMillis());
    }

    private static String options(int cycle) {
        return cycle % 2 == 0 ? "--nopause" : "";
    }
}
