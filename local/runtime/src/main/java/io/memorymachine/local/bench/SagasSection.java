package io.memorymachine.local.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.memorymachine.contract.pmem.PmemCommand.PrepareMembers;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.bench.BenchReport.Curve;
import io.memorymachine.local.bench.BenchReport.Grid;
import io.memorymachine.local.bench.BenchReport.Plot;
import io.memorymachine.local.bench.BenchReport.Section;
import io.memorymachine.local.bench.BenchReport.Target;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;

/** What a saga costs beside its work, with many at a time, and how soon they go on when their service was killed. */
final class SagasSection {
    private static final List<Integer> COUNTS = List.of(1, 10, 100, 1000);
    private static final List<Integer> RUNS = List.of(25, 10, 3, 1);
    private static final int QUICK_COUNTS = 2;
    private static final int WARM_UP = 20;
    private static final long VOLUME = 1L << 30;
    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final Duration HELD_WITHIN = Duration.ofMinutes(2);
    private static final String FAILED = "failed";
    private static final double MOST_MILLIS = 120;

    private final Bench bench;
    private final List<Integer> counts;
    private final Measurements found = new Measurements();
    private final Set<String> steps = new LinkedHashSet<>();

    SagasSection(Bench bench) {
        this.bench = bench;
        this.counts = bench.quick() ? COUNTS.subList(0, QUICK_COUNTS) : COUNTS;
    }

    Section run() {
        bench.systems().with(bench.systems().settings(0, ManyWorkloads.HEAP, VOLUME), this::measure);
        return new Section(
                "sagas",
                "Sagas without their work",
                String.format(
                        Locale.ROOT,
                        "Broker, database, license-service and snapshot-service as ./mm starts them; in place of pmem-service"
                                + " a participant in the benchmark's process that answers at once. Snapshots without a"
                                + " quiesce, each of a workload of its own, are asked for over HTTP, up to 16 requests at a"
                                + " time. A saga lasts from its request to its end in the database. For the recovery"
                                + " snapshot-service is killed while %d sagas wait for a reply to prepare; the replies are"
                                + " sent before it is started again.",
                        most()),
                List.of(sagas(), steps(), messages(), recovery()),
                List.of(plot()),
                List.of(target()),
                found.all());
    }

    private int most() {
        return counts.get(counts.size() - 1);
    }

    private void measure(SystemSettings settings) {
        SystemStarter starter = bench.starter(settings);
        end(ServiceProcess.PMEM);
        end(ServiceProcess.RESTORE);
        String broker = settings.ports().bootstrapServers();
        try (ManyWorkloads workloads = ManyWorkloads.write(bench, most());
                SagaTable table = SagaTable.open(starter.database());
                TopicCounter topics = new TopicCounter(broker);
                SimulatedParticipant participant = SimulatedParticipant.start(broker)) {
            Services services = new Services(settings.ports(), bench.directory().token());
            SagaRounds rounds = new SagaRounds(services, workloads, table, topics, participant);
            for (int run = 0; run < (bench.quick() ? 1 : WARM_UP); run++) {
                rounds.run(1);
            }
            for (int i = 0; i < counts.size(); i++) {
                for (int run = 0; run < bench.times(RUNS.get(i)); run++) {
                    note(counts.get(i), rounds.run(counts.get(i)));
                }
            }
            recover(starter, rounds, participant);
        }
    }

    /** Ends a service for good: its part is played, or nobody needs it. */
    private void end(ServiceProcess service) {
        ProcessRecord process = bench.running(service);
        bench.processes().end(List.of(process), END_WITHIN);
        bench.processes().forget(process);
    }

    private void note(int count, SagaRounds.Round round) {
        double seconds = round.millis() / 1e3;
        found.add(key(count, "accepted"), "ms", round.acceptedMillis());
        found.add(key(count, "last end"), "ms", round.millis());
        found.add(key(count, "saga, median"), "ms", round.sagas().median());
        found.add(key(count, "saga, longest"), "ms", round.sagas().most());
        found.add(key(count, "sagas"), "1/s", count / seconds);
        found.add(key(count, FAILED), "sagas", round.failed());
        found.add(key(count, "commands and replies"), "1/s", round.exchanged() / seconds);
        found.add(key(count, "facts"), "1/s", round.facts() / seconds);
        found.add(key(count, "messages a saga"), "messages", (round.exchanged() + round.facts()) / (double) count);
        if (count == 1) {
            round.steps().forEach(step -> {
                steps.add(step.name());
                found.add(key(count, "step " + step.name()), "ms", step.micros() / 1e3);
            });
        }
        bench.console()
                .note(
                        count + " at a time",
                        String.format(
                                Locale.ROOT,
                                "last end after %,.0f ms, a saga %,.0f ms, %,.0f messages a second",
                                round.millis(),
                                round.sagas().median(),
                                (round.exchanged() + round.facts()) / seconds));
    }

    /** Kills snapshot-service with sagas in flight and starts it again. */
    private void recover(SystemStarter starter, SagaRounds rounds, SimulatedParticipant participant) {
        participant.hold(PrepareMembers.class);
        String prefix = rounds.ask(most());
        awaitHeld(participant, most());
        bench.processes().kill(bench.running(ServiceProcess.SNAPSHOT));
        participant.letGo();
        double started = SagaRounds.millis(Instant.now());
        starter.startAgain(ServiceProcess.SNAPSHOT.module());
        double ready = SagaRounds.millis(Instant.now());
        List<SagaTable.Times> sagas = rounds.await(prefix, most());
        double first = sagas.get(0).ended();
        double last = sagas.get(sagas.size() - 1).ended();
        found.add("recovery, " + FAILED, "sagas", SagaRounds.failed(sagas));
        found.add("recovery, start to ready", "ms", ready - started);
        found.add("recovery, start to first end", "ms", first - started);
        found.add("recovery, start to last end", "ms", last - started);
        found.add("recovery, ready to first end", "ms", first - ready);
        found.add("recovery, ready to last end", "ms", last - ready);
        bench.console()
                .note(
                        "recovery of " + most(),
                        String.format(
                                Locale.ROOT,
                                "ready after %,.0f ms, first end %,.0f ms, last end %,.0f ms after the start",
                                ready - started,
                                first - started,
                                last - started));
    }

    private static void awaitHeld(SimulatedParticipant participant, int count) {
        Instant deadline = Instant.now().plus(HELD_WITHIN);
        while (participant.holding() < count) {
            participant.requireAlive();
            if (Instant.now().isAfter(deadline)) {
                throw new BenchFailedException("only " + participant.holding() + " of " + count + " sagas wait");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchFailedException("interrupted");
            }
        }
    }

    private Grid sagas() {
        return grid(
                "Snapshot sagas in milliseconds, median (least-most) of the rounds",
                List.of("At a time", "All accepted", "Last end", "A saga, median", "Longest saga", "Sagas/s", "Failed"),
                List.of("accepted", "last end", "saga, median", "saga, longest", "sagas", FAILED));
    }

    private Grid steps() {
        return new Grid(
                "The steps of a saga in milliseconds, one saga at a time",
                List.of("Step", "From the command to the reply"),
                steps.stream()
                        .map(step -> List.of(
                                step, found.sample(key(1, "step " + step)).text()))
                        .toList());
    }

    private Grid messages() {
        return grid(
                "Messages through outbox and inbox",
                List.of("Sagas at a time", "Commands and replies/s", "Facts/s", "Messages a saga"),
                List.of("commands and replies", "facts", "messages a saga"));
    }

    private Grid grid(String title, List<String> headings, List<String> columns) {
        List<List<String>> rows = new ArrayList<>();
        for (int count : counts) {
            List<String> row = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", count)));
            columns.forEach(column -> row.add(found.sample(key(count, column)).text()));
            rows.add(row);
        }
        return new Grid(title, headings, rows);
    }

    private Grid recovery() {
        return new Grid(
                String.format(
                        Locale.ROOT,
                        "After kill -9 of snapshot-service with %,d sagas in flight, milliseconds",
                        most()),
                List.of("", "Ready", "First saga's end", "Last saga's end"),
                List.of(
                        List.of(
                                "from the start of the process",
                                recovery("start", "ready"),
                                recovery("start", "first end"),
                                recovery("start", "last end")),
                        List.of(
                                "from its readiness",
                                "",
                                recovery("ready", "first end"),
                                recovery("ready", "last end"))));
    }

    private String recovery(String from, String to) {
        return found.sample("recovery, " + from + " to " + to).text();
    }

    private Plot plot() {
        List<Curve> curves = new ArrayList<>();
        for (String what : List.of("last end", "saga, median", "saga, longest")) {
            curves.add(new Curve(
                    what,
                    counts.stream().map(Integer::doubleValue).toList(),
                    counts.stream()
                            .map(count -> found.sample(key(count, what)).median())
                            .toList()));
        }
        return new Plot("sagas", "Sagas without their work", "sagas at a time", "ms", curves);
    }

    private Target target() {
        Sample one = found.sample(key(1, "saga, median"));
        return new Target(
                "Saga whose participants answer at once, one at a time",
                String.format(Locale.ROOT, "under %,.0f ms", MOST_MILLIS),
                one.text() + " ms",
                one.median() < MOST_MILLIS);
    }

    private static String key(int count, String what) {
        return count + " at a time, " + what;
    }
}
