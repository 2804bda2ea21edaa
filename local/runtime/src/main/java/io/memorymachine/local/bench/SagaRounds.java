package io.memorymachine.local.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.api.StepView;

/** Asks for many snapshots at once, each of a workload of its own, and waits for their ends. */
final class SagaRounds {
    private static final List<String> EXCHANGE =
            List.of(Topics.SNAPSHOT_COMMANDS, Topics.LICENSE_COMMANDS, Topics.PMEM_COMMANDS, Topics.SNAPSHOT_REPLIES);
    private static final List<String> FACTS = List.of(Topics.EVENTS);

    /** Requests that are under way at once. */
    private static final int REQUESTS = 16;

    private static final Duration WITHIN = Duration.ofMinutes(3);

    private final Services services;
    private final ManyWorkloads workloads;
    private final SagaTable table;
    private final TopicCounter topics;
    private final SimulatedParticipant participant;
    private int number;

    SagaRounds(
            Services services,
            ManyWorkloads workloads,
            SagaTable table,
            TopicCounter topics,
            SimulatedParticipant participant) {
        this.services = services;
        this.workloads = workloads;
        this.table = table;
        this.topics = topics;
        this.participant = participant;
    }

    /**
     * What came of a round.
     *
     * @param acceptedMillis from the first request to the last answer
     * @param millis from the first request to the last saga's end
     * @param sagas in milliseconds, from its request as the service saw it to its end
     * @param failed how many of them were not successful
     * @param steps of one of the sagas
     * @param exchanged commands and replies
     */
    record Round(
            double acceptedMillis,
            double millis,
            Sample sagas,
            long failed,
            List<StepView> steps,
            long exchanged,
            long facts) {}

    /** Takes so many snapshots at once. */
    Round run(int count) {
        long exchanged = topics.count(EXCHANGE);
        long facts = topics.count(FACTS);
        Instant from = Instant.now();
        String prefix = ask(count);
        Instant accepted = Instant.now();
        List<SagaTable.Times> sagas = await(prefix, count);
        long exchangedUntilThen = topics.count(EXCHANGE);
        long factsUntilThen = topics.count(FACTS);
        return new Round(
                Duration.between(from, accepted).toNanos() / 1e6,
                sagas.get(count - 1).ended() - millis(from),
                new Sample("ms", sagas.stream().map(SagaTable.Times::millis).toList()),
                failed(sagas),
                services.snapshot(prefix + 0).steps(),
                exchangedUntilThen - exchanged,
                factsUntilThen - facts);
    }

    /**
     * Asks for so many snapshots; they are under way when this returns.
     *
     * @return what their names begin with
     */
    String ask(int count) {
        String prefix = "round-" + ++number + "-";
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(count, REQUESTS));
        try {
            List<Callable<Void>> requests = IntStream.range(0, count)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        services.requestPlainSnapshot(prefix + i, ManyWorkloads.NAMESPACE, workloads.name(i));
                        return null;
                    })
                    .toList();
            for (Future<Void> answer : threads.invokeAll(requests)) {
                answer.get();
            }
            return prefix;
        } catch (ExecutionException e) {
            throw new BenchFailedException("a snapshot was refused: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailedException("interrupted");
        } finally {
            threads.shutdownNow();
        }
    }

    /** Waits for the ends of what was asked for. */
    List<SagaTable.Times> await(String prefix, int count) {
        return table.awaitEnded(prefix, count, WITHIN, participant::requireAlive);
    }

    static long failed(List<SagaTable.Times> sagas) {
        return sagas.stream().filter(saga -> !saga.completed()).count();
    }

    static double millis(Instant instant) {
        return instant.getEpochSecond() * 1e3 + instant.getNano() / 1e6;
    }
}
