package io.memorymachine.saga.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.Outcome;
import io.memorymachine.runtime.OwnContext;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.saga.state.StepRecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Engine, outbox, relay, dispatcher and intake together, over a real broker and a real database. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class SagaEngineTest {
    private static final Logger LOG = Logger.getLogger(SagaEngineTest.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Inject
    RehearsalService service;

    @Inject
    Script script;

    @Inject
    SagaEngine engine;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    ObjectMapper json;

    @Inject
    MeterRegistry meters;

    @Inject
    Pool pool;

    private final UUID id = UUID.randomUUID();

    // --- forward and back

    @Test
    void aSagaCompletesAndLeavesNothingInTheOutbox() {
        service.start(id, Rehearsal.of(id, "n1", "n2"));

        SagaState<Rehearsal> ended = awaitEnd(id);

        assertThat(ended.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(ended.data().notes()).containsExactlyInAnyOrder("find", "reserve n1", "reserve n2", "resume");
        assertThat(ended.history()).allMatch(step -> step.attempts() == 1);
        awaitEmptyOutbox();
    }

    @Test
    void aRefusalForGoodIsUndoneAndNotExecutedAgain() {
        script.deviate(key(id, "resume", "any"), (nth, usual) -> refuse(FailureReason.RESUME_FAILED));
        service.start(id, Rehearsal.of(id, "n1", "n2"));

        SagaState<Rehearsal> ended = awaitEnd(id);

        assertThat(ended.phase()).isEqualTo(SagaPhase.FAILED);
        assertThat(ended.failure()).isEqualTo(new Failure(FailureReason.RESUME_FAILED, "as the script says"));
        assertThat(ended.data().notes()).contains("discard n1", "discard n2");
        assertThat(script.executions(key(id, "resume", "any"))).isEqualTo(1);
    }

    @Test
    void aCommandThatFailsForNowIsExecutedAgain() {
        script.deviate(
                key(id, "find", "any"),
                (nth, usual) -> nth < 3
                        ? Uni.createFrom()
                                .failure(OperationFailedException.transientFailure(
                                        FailureReason.UNAVAILABLE, "not yet", null))
                        : Uni.createFrom().item(Outcome.reply(usual)));
        service.start(id, Rehearsal.of(id));

        SagaState<Rehearsal> ended = awaitEnd(id);

        assertThat(ended.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(script.executions(key(id, "find", "any"))).isEqualTo(3);
        assertThat(ended.history().get(0).attempts()).isEqualTo(3);
    }

    @Test
    void anUnforeseenExceptionOfAHandlerIsTriedAgainToo() {
        script.deviate(key(id, "find", "any"), (nth, usual) -> {
            if (nth == 1) {
                throw new IllegalArgumentException("a defect");
            }
            return Uni.createFrom().item(Outcome.reply(usual));
        });
        service.start(id, Rehearsal.of(id));

        assertThat(awaitEnd(id).phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(script.executions(key(id, "find", "any"))).isEqualTo(2);
    }

    @Test
    void aReplyThatWaitsForItsSagaKeepsNoOtherSagaWaiting() throws Exception {
        CompletableFuture<Outcome> found = new CompletableFuture<>();
        CompletableFuture<Void> locked = new CompletableFuture<>();
        CompletableFuture<Void> released = new CompletableFuture<>();
        UUID other = UUID.randomUUID();
        script.deviate(key(id, "find", "any"), (nth, usual) -> Uni.createFrom().completionStage(found));
        service.start(id, Rehearsal.of(id));
        await().atMost(PATIENCE).until(() -> script.executions(key(id, "find", "any")) == 1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> lock = thread.submit(() -> RehearsalService.await(sessions.withTransaction(session ->
                    session.find(SagaRow.class, id, LockModeType.PESSIMISTIC_WRITE)
                            .invoke(() -> locked.complete(null))
                            .chain(() ->
                                    OwnContext.returning(() -> Uni.createFrom().completionStage(released))))));
            locked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            found.complete(Outcome.reply(new MembersFound(List.of(), 1, null)));
            await().atMost(PATIENCE)
                    .until(() -> service.count("inbox where command_key = '" + key(id, "find", "any") + "'") == 1);
            awaitEmptyOutbox();

            service.start(other, Rehearsal.of(other, "n1"));

            assertThat(awaitEnd(other).phase()).isEqualTo(SagaPhase.COMPLETED);
            assertThat(service.find(id).step()).isEqualTo("find");
            released.complete(null);
            lock.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(awaitEnd(id).phase()).isEqualTo(SagaPhase.COMPLETED);
        } finally {
            released.complete(null);
            thread.shutdown();
        }
    }

    @Test
    void aCancelledSagaIsUndone() {

        CompletableFuture<Outcome> reserved = new CompletableFuture<>();
        script.deviate(
                key(id, "reserve", "n1"), (nth, usual) -> Uni.createFrom().completionStage(reserved));
        service.start(id, Rehearsal.of(id, "n1"));
        await().atMost(PATIENCE).until(() -> script.executions(key(id, "reserve", "n1")) == 1);

        Decision.Verdict verdict = RehearsalService.await(engine.cancel(id));
        reserved.completeExceptionally(new OperationFailedException(FailureReason.CANCELLED, "stopped"));

        assertThat(verdict).isEqualTo(Decision.Verdict.TAKEN);
        SagaState<Rehearsal> ended = awaitEnd(id);
        assertThat(ended.phase()).isEqualTo(SagaPhase.CANCELLED);
        assertThat(ended.data().notes()).containsExactly("find", "discard n1");
        assertThat(RehearsalService.await(engine.cancel(id))).isEqualTo(Decision.Verdict.PAST_NO_RETURN);
        assertThat(RehearsalService.await(engine.cancel(UUID.randomUUID()))).isEqualTo(Decision.Verdict.PAST_NO_RETURN);
    }

    @Test
    void whoAskedByACommandIsAnsweredAtTheEnd() throws Exception {
        UUID parent = UUID.randomUUID();
        Correlation origin = new Correlation(parent.toString(), "ask", parent + "/ask/any", 1, Topics.RESTORE_REPLIES);
        script.deviate(key(id, "find", "any"), (nth, usual) -> refuse(FailureReason.WORKLOAD_NOT_FOUND));
        try (KafkaTap replies = new KafkaTap(Topics.RESTORE_REPLIES)) {
            RehearsalService.await(service.start(id, Rehearsal.of(id), origin));

            ConsumerRecord<String, byte[]> answer =
                    replies.hear(parent.toString(), 1).get(0);

            assertThat(KafkaTap.header(answer, "ce_type")).isEqualTo("io.memorymachine.command-failed.v1");
            assertThat(KafkaTap.header(answer, "ce_commandkey")).isEqualTo(origin.commandKey());
            assertThat(json.readValue(answer.value(), CommandFailed.class))
                    .isEqualTo(new CommandFailed(
                            new Failure(FailureReason.WORKLOAD_NOT_FOUND, "as the script says"), false));
        }
    }

    // --- repetitions

    @Test
    void aRepeatedCommandIsExecutedOnceAndGetsTheRecordedReply() {
        try (KafkaTap commands = new KafkaTap(Topics.SNAPSHOT_COMMANDS);
                KafkaTap replies = new KafkaTap(Topics.SNAPSHOT_REPLIES)) {
            service.start(id, Rehearsal.of(id));
            awaitEnd(id);
            ConsumerRecord<String, byte[]> find =
                    commands.hear(id.toString(), 2).get(0);
            List<ConsumerRecord<String, byte[]>> before = replies.hear(id.toString(), 2);

            KafkaTap.repeat(find);

            ConsumerRecord<String, byte[]> again =
                    replies.hear(id.toString(), 3).get(2);
            assertThat(again.value()).isEqualTo(before.get(0).value());
            assertThat(KafkaTap.header(again, "ce_commandkey")).isEqualTo(key(id, "find", "any"));
            assertThat(script.executions(key(id, "find", "any"))).isEqualTo(1);
        }
    }

    @Test
    void aRepeatedReplyIsStale() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        script.deviate(
                key(id, "resume", "any"),
                (nth, usual) -> Uni.createFrom().completionStage(held.thenApply(done -> Outcome.reply(usual))));
        try (KafkaTap replies = new KafkaTap(Topics.SNAPSHOT_REPLIES)) {
            service.start(id, Rehearsal.of(id));
            ConsumerRecord<String, byte[]> found =
                    replies.hear(id.toString(), 1).get(0);
            await().atMost(PATIENCE)
                    .until(() -> service.find(id).step() != null
                            && service.find(id).step().equals("resume"));
            SagaState<Rehearsal> before = service.find(id);
            double refused = refusedInputs();

            KafkaTap.repeat(found);

            await().atMost(PATIENCE).until(() -> refusedInputs() == refused + 1);
            assertThat(service.find(id)).isEqualTo(before);
            held.complete(null);
            assertThat(awaitEnd(id).data().notes()).containsExactly("find", "resume");
        }
    }

    // --- deadlines and crashes

    @Test
    void aCommandWithoutAReplyIsSentAgainAndExecutedOnce() {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        script.deviate(
                key(id, "hurry", "any"),
                (nth, usual) -> Uni.createFrom().completionStage(slow.thenApply(done -> Outcome.reply(usual))));
        try (KafkaTap commands = new KafkaTap(Topics.SNAPSHOT_COMMANDS)) {
            service.start(id, Rehearsal.hurried(id));

            List<ConsumerRecord<String, byte[]>> sent = commands.hear(id.toString(), 2);
            slow.complete(null);

            assertThat(sent.get(0).value()).isEqualTo(sent.get(1).value());
            assertThat(sent.subList(0, 2))
                    .extracting(record -> KafkaTap.header(record, "ce_attempt"))
                    .containsExactly("1", "2");
            assertThat(sent.subList(0, 2))
                    .extracting(record -> KafkaTap.header(record, "ce_commandkey"))
                    .containsOnly(key(id, "hurry", "any"));
            assertThat(awaitEnd(id).phase()).isEqualTo(SagaPhase.COMPLETED);
            assertThat(script.executions(key(id, "hurry", "any"))).isEqualTo(1);
        }
    }

    @Test
    void aSagaWhoseStartIsRolledBackSendsNothing() {
        UUID later = UUID.randomUUID();
        try (KafkaTap commands = new KafkaTap(Topics.SNAPSHOT_COMMANDS)) {
            assertThatThrownBy(() -> RehearsalService.await(sessions.withTransaction(
                            session -> engine.start(session, service, id, "crash", Rehearsal.of(id), null)
                                    .chain(session::flush)
                                    .invoke(() -> {
                                        engine.sent();
                                        throw new IllegalStateException("crash before the commit");
                                    }))))
                    .hasMessageContaining("crash before the commit");

            // A saga that commits after it: whatever the first had sent would have come before.
            service.start(later, Rehearsal.of(later));
            commands.hear(later.toString(), 2);

            assertThat(commands.hear(id.toString(), 0)).isEmpty();
            assertThat(service.find(id)).isNull();
        }
    }

    @Test
    void aParticipantThatCannotCommitExecutesAgainByItself() {
        script.deviate(
                key(id, "find", "any"),
                (nth, usual) -> Uni.createFrom()
                        .item(Outcome.reply(usual)
                                .storing(session -> nth == 1
                                        ? Uni.createFrom().failure(new PersistenceException("the database is away"))
                                        : Uni.createFrom().voidItem())));
        service.start(id, Rehearsal.of(id));

        SagaState<Rehearsal> ended = awaitEnd(id);

        assertThat(ended.phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(script.executions(key(id, "find", "any"))).isEqualTo(2);
        assertThat(ended.data().notes()).containsExactly("find", "resume");
        assertThat(ended.history()).allMatch(step -> step.attempts() == 1);
    }

    // --- what is measured

    @Test
    void sagasThatHaveNotEndedAreCountedUntilTheyEnd() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        script.deviate(
                key(id, "resume", "any"),
                (nth, usual) -> Uni.createFrom().completionStage(held.thenApply(done -> Outcome.reply(usual))));
        await().atMost(PATIENCE).until(() -> active("RUNNING") == 0);

        service.start(id, Rehearsal.of(id));

        await().atMost(PATIENCE).until(() -> active("RUNNING") == 1);
        assertThat(active("COMPENSATING")).isZero();
        held.complete(null);
        await().atMost(PATIENCE).until(() -> active("RUNNING") == 0);
    }

    @Test
    void whatWaitsInTheOutboxIsMeasuredUntilItIsPublished() {
        awaitEmptyOutbox();
        await().atMost(PATIENCE).until(() -> unsent() == 0 && oldestAge() == 0);
        // As if another instance were stuck in its pass.
        SqlConnection other = pool.getConnection().await().indefinitely();
        Transaction pass = other.begin().await().indefinitely();
        other.query("select pg_advisory_xact_lock(hashtext(current_schema()), hashtext('outbox relay'))")
                .execute()
                .await()
                .indefinitely();

        service.start(id, Rehearsal.of(id));

        long waiting = service.count("outbox");
        await().atMost(PATIENCE).until(() -> unsent() == waiting && oldestAge() > 1.5);
        assertThat(waiting).isPositive();
        pass.rollback().await().indefinitely();
        other.close().await().indefinitely();
        await().atMost(PATIENCE).until(() -> unsent() == 0 && oldestAge() == 0);
    }

    private double unsent() {
        return meters.get("mm.outbox.unsent").gauge().value();
    }

    private double oldestAge() {
        return meters.get("mm.outbox.oldest.age").gauge().value();
    }

    private double active(String phase) {
        return meters.get("mm.sagas.active")
                .tag("type", "rehearsal")
                .tag("phase", phase)
                .gauge()
                .value();
    }

    // --- poison

    @Test
    void poisonGoesToTheDeadLetterTopicAndTheNextMessageIsTaken() {
        String notAnEvent = "poison-" + id + "-1";
        String malformed = "poison-" + id + "-2";
        String unknown = "poison-" + id + "-3";
        String aFact = "poison-" + id + "-4";
        String uncorrelated = "poison-" + id + "-5";
        try (KafkaTap dead = new KafkaTap(Topics.DEAD_LETTER)) {
            KafkaTap.send(new ProducerRecord<>(Topics.SNAPSHOT_COMMANDS, notAnEvent, bytes("no event")));
            KafkaTap.send(event(Topics.SNAPSHOT_COMMANDS, malformed, "snapshot.find-members.v1", "{\"workload\":3}"));
            KafkaTap.send(event(Topics.SNAPSHOT_COMMANDS, unknown, "snapshot.unheard-of.v9", "{}"));
            KafkaTap.send(event(Topics.SNAPSHOT_COMMANDS, aFact, "license.installed.v1", "{}"));
            KafkaTap.send(event(Topics.SNAPSHOT_REPLIES, uncorrelated, "license.released.v1", "{}"));
            service.start(id, Rehearsal.of(id));

            assertThat(awaitEnd(id).phase()).isEqualTo(SagaPhase.COMPLETED);
            assertThat(reason(dead, notAnEvent)).contains("not a CloudEvent");
            assertThat(reason(dead, malformed)).contains("data do not fit io.memorymachine.snapshot.find-members.v1");
            assertThat(reason(dead, unknown)).contains("no handler for io.memorymachine.snapshot.unheard-of.v9");
            assertThat(reason(dead, aFact)).contains("io.memorymachine.license.installed.v1 is no command");
            assertThat(reason(dead, uncorrelated)).contains("io.memorymachine.license.released.v1 is no reply");
        }
    }

    // --- load and order

    @Test
    void sagasStartedAtOnceAllCompleteInOrderAndLeaveNothingInTheOutbox() throws Exception {
        List<UUID> ids =
                IntStream.range(0, 400).mapToObj(i -> UUID.randomUUID()).toList();
        try (KafkaTap facts = new KafkaTap(Topics.EVENTS)) {
            long began = System.nanoTime();
            startAtOnce(ids);
            long started = System.nanoTime();

            for (UUID one : ids) {
                assertThat(awaitEnd(one).phase()).isEqualTo(SagaPhase.COMPLETED);
            }
            LOG.infof(
                    "%d sagas: started within %d ms, all at their end after %d ms",
                    ids.size(), (started - began) / 1_000_000, (System.nanoTime() - began) / 1_000_000);
            awaitEmptyOutbox();
            for (UUID one : ids) {
                List<Integer> sequences = new ArrayList<>();
                for (ConsumerRecord<String, byte[]> fact : facts.hear(one.toString(), 7)) {
                    sequences.add(json.readValue(fact.value(), SagaFact.Progressed.class)
                            .sequence());
                }
                assertThat(sequences).containsExactly(1, 2, 3, 4, 5, 6, 7);
            }
            assertThat(ids)
                    .allMatch(one -> Stream.of("find/any", "reserve/n1", "reserve/n2", "resume/any")
                            .allMatch(command -> script.executions(one + "/" + command) == 1));
        }
    }

    @Test
    void aCommandIsAnsweredWithinMilliseconds() {
        for (int i = 0; i < 150; i++) {
            UUID warm = UUID.randomUUID();
            service.start(warm, Rehearsal.of(warm));
            awaitEnd(warm);
        }
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            UUID one = UUID.randomUUID();
            service.start(one, Rehearsal.of(one));
            awaitEnd(one).history().stream().map(StepRecord::micros).forEach(micros::add);
        }

        List<Long> sorted = micros.stream().sorted().toList();
        long median = sorted.get(sorted.size() / 2);
        LOG.infof(
                "command to reply: median %d us, p99 %d us, longest %d us, of %d",
                median, sorted.get(sorted.size() * 99 / 100), sorted.get(sorted.size() - 1), sorted.size());
        assertThat(median).as("median from command to reply, in us").isLessThan(250_000);
    }

    // --- helpers

    /** Each from a Vert.x context of its own, as requests are: on one context they would share a session. */
    private void startAtOnce(List<UUID> ids) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(32);
        try {
            List<Callable<Void>> starts = new ArrayList<>();
            for (UUID one : ids) {
                starts.add(() -> {
                    service.start(one, Rehearsal.of(one, "n1", "n2"));
                    return null;
                });
            }
            for (Future<Void> start : callers.invokeAll(starts)) {
                start.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    private SagaState<Rehearsal> awaitEnd(UUID saga) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(() -> {
                    SagaState<Rehearsal> state = service.find(saga);
                    return state != null && state.phase().terminal();
                });
        return service.find(saga);
    }

    private void awaitEmptyOutbox() {
        await().atMost(PATIENCE).until(() -> service.count("outbox") == 0);
    }

    private double refusedInputs() {
        return meters.find("mm.saga.inputs.refused").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static String reason(KafkaTap dead, String key) {
        return KafkaTap.header(dead.hear(key, 1).get(0), "dead-letter-reason");
    }

    private static ProducerRecord<String, byte[]> event(String topic, String key, String type, String data) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, bytes(data));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(key))
                .add("ce_source", bytes("/test"))
                .add("ce_type", bytes("io.memorymachine." + type))
                .add("content-type", bytes("application/json"));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Uni<Outcome> refuse(FailureReason reason) {
        return Uni.createFrom().failure(new OperationFailedException(reason, "as the script says"));
    }

    private static String key(UUID saga, String step, String target) {
        return saga + "/" + step + "/" + target;
    }
}
