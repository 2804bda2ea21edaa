package io.memorymachine.saga.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseReply;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.hostile.HostileJson;
import io.memorymachine.participant.Outcome;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** No record on a topic holds up those behind it. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class HostileTopicsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path GOLDEN = Path.of("src/test/resources/contracts");
    private static final long SEED = 20260306;

    @Inject
    RehearsalService service;

    @Inject
    MeterRegistry meters;

    @Inject
    Script script;

    @ConfigProperty(name = "mm.commands.max-in-flight")
    int most;

    private final UUID id = UUID.randomUUID();

    @Test
    void aBurstOfHostileMessagesHoldsUpNoSaga() throws IOException {
        List<ProducerRecord<String, byte[]>> burst = new ArrayList<>();
        for (String topic : List.of(Topics.SNAPSHOT_COMMANDS, Topics.SNAPSHOT_REPLIES)) {
            HostileJson hostile = new HostileJson(SEED + topic.hashCode());
            for (Class<? extends Message> type : Contracts.all()) {
                String wireType = Message.wireType(type);
                String golden = Files.readString(GOLDEN.resolve(wireType + ".json"));
                for (int i = 0; i < 2; i++) {
                    burst.add(event(topic, wireType, hostile.spoil(golden)));
                }
            }
        }
        double before = poison();

        send(burst);
        service.start(id, Rehearsal.of(id, "n1"));

        assertThat(end(id).phase()).as("seed %s", SEED).isEqualTo(SagaPhase.COMPLETED);
        assertThat(poison()).isGreaterThan(before + 50);
    }

    @Test
    void headersThatAreNoCloudEventsAreRefusedWithTheReason() {
        List<ProducerRecord<String, byte[]>> odd = List.of(
                with("ce_time", "yesterday"),
                with("ce_source", "no uri %%"),
                with("ce_dataschema", "::"),
                with("ce_specversion", "9.9"),
                with("ce_id", ""),
                with("content-type", "application/cloudevents+json"),
                with("ce_attempt", "0"),
                with("ce_attempt", "many"),
                with("ce_replyto", "no such topic!"),
                with("ce_replyto", Topics.PMEM_COMMANDS),
                with("ce_commandkey", "another/key"),
                with("ce_sagaid", "a\u0000b"),
                with("traceparent", "x".repeat(2000)));
        List<ProducerRecord<String, byte[]>> unkeyed = List.of(
                new ProducerRecord<>(Topics.SNAPSHOT_COMMANDS, null, null),
                new ProducerRecord<>(Topics.SNAPSHOT_REPLIES, null, null));
        double before = poison();
        try (KafkaTap dead = new KafkaTap(Topics.DEAD_LETTER)) {
            send(odd);
            send(unkeyed);
            service.start(id, Rehearsal.of(id));

            assertThat(end(id).phase()).isEqualTo(SagaPhase.COMPLETED);
            List<ConsumerRecord<String, byte[]>> letters = dead.hear("odd-" + id, 9);
            assertThat(letters)
                    .allSatisfy(
                            letter -> assertThat(KafkaTap.header(letter, "dead-letter-reason"))
                                    .matches(
                                            "(?s)not a CloudEvent.*|incomplete correlation.*|.*holds control characters|.* bytes"));
        }
        // Times, sources, schemas and content types are nobody's business; what names a command has to be right.
        assertThat(poison() - before).isEqualTo(9 + unkeyed.size());
    }

    @Test
    void aReplyOfAnotherTypeIsPoisonAndTheSagaWaitsOn() {
        try (KafkaTap dead = new KafkaTap(Topics.DEAD_LETTER);
                KafkaTap commands = new KafkaTap(Topics.SNAPSHOT_COMMANDS)) {
            CompletableFuture<Void> held = new CompletableFuture<>();
            script.deviate(
                    id + "/find/any",
                    (nth, usual) -> Uni.createFrom().completionStage(held.thenApply(done -> Outcome.reply(usual))));
            service.start(id, Rehearsal.of(id));
            commands.hear(id.toString(), 1);
            ProducerRecord<String, byte[]> reply = event(
                    Topics.SNAPSHOT_REPLIES,
                    "io.memorymachine.license.released.v1",
                    "{\"operation\":\"x\"}".getBytes(StandardCharsets.UTF_8));
            reply.headers().remove("ce_sagaid").remove("ce_sagastep").remove("ce_commandkey");
            reply.headers()
                    .add("ce_sagaid", bytes(id.toString()))
                    .add("ce_sagastep", bytes("find"))
                    .add("ce_commandkey", bytes(id + "/find/any"));

            send(List.of(reply));

            assertThat(KafkaTap.header(dead.hear("odd-" + id, 1).get(0), "dead-letter-reason"))
                    .isEqualTo("io.memorymachine.license.released.v1 is no answer to " + id + "/find/any");
            assertThat(service.find(id).step()).isEqualTo("find");
            held.complete(null);
            assertThat(end(id).phase()).isEqualTo(SagaPhase.COMPLETED);
        }
    }

    @Test
    void aReplyThatTheBrokerWouldNotTakeIsARefusal() {
        script.deviate(
                id + "/find/any",
                (nth, usual) -> Uni.createFrom()
                        .item(Outcome.reply(new LicenseReply.Authorized("x".repeat(800_000), "ACME", Instant.EPOCH))));
        service.start(id, Rehearsal.of(id));

        SagaState<Rehearsal> ended = end(id);

        assertThat(ended.phase()).isEqualTo(SagaPhase.FAILED);
        assertThat(ended.failure().reason()).isEqualTo(FailureReason.PAYLOAD_TOO_LARGE);
        await().atMost(PATIENCE).until(() -> service.count("outbox") == 0);
    }

    @Test
    void moreCommandsThanAllowedWaitOnTheBroker() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        AtomicInteger running = new AtomicInteger();
        List<UUID> sagas =
                IntStream.range(0, most + 10).mapToObj(i -> UUID.randomUUID()).toList();
        for (UUID saga : sagas) {
            script.deviate(saga + "/find/any", (nth, usual) -> {
                running.incrementAndGet();
                return Uni.createFrom().completionStage(held.thenApply(done -> Outcome.reply(usual)));
            });
            service.start(saga, Rehearsal.of(saga));
        }

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> running.get() == most);
        held.complete(null);

        assertThat(sagas).allSatisfy(saga -> assertThat(end(saga).phase()).isEqualTo(SagaPhase.COMPLETED));
    }

    private ProducerRecord<String, byte[]> with(String header, String value) {
        ProducerRecord<String, byte[]> record = event(
                Topics.SNAPSHOT_COMMANDS,
                "io.memorymachine.snapshot.resume.v1",
                ("{\"snapshotId\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
        record.headers().remove(header).add(header, bytes(value));
        return record;
    }

    private ProducerRecord<String, byte[]> event(String topic, String wireType, byte[] data) {
        String saga = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "odd-" + id, data);
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        saga,
                        "ce_source",
                        "/test",
                        "ce_type",
                        wireType,
                        "ce_sagaid",
                        saga,
                        "ce_sagastep",
                        "hostile",
                        "ce_commandkey",
                        saga + "/hostile/any",
                        "ce_replyto",
                        Topics.RESTORE_REPLIES)
                .forEach((name, value) -> record.headers().add(name, bytes(value)));
        return record;
    }

    private static void send(List<ProducerRecord<String, byte[]>> records) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BackingServices.kafka().bootstrapServers(), "linger.ms", 5),
                new StringSerializer(),
                new ByteArraySerializer())) {
            records.forEach(producer::send);
        }
    }

    private SagaState<Rehearsal> end(UUID saga) {
        await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> {
            SagaState<Rehearsal> state = service.find(saga);
            return state != null && state.phase().terminal();
        });
        return service.find(saga);
    }

    private double poison() {
        return meters.counter("mm.messages.poison").count();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
