package io.memorymachine.saga.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.outbox.PassingFacts;
import io.memorymachine.participant.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A saga is one trace, across all messages and whoever continues it. */
@QuarkusTest
@TestProfile(TraceTest.Traced.class)
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class TraceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Traces are switched on, as a user would. */
    public static final class Traced implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.bsp.schedule.delay", "100ms");
        }
    }

    @Inject
    RehearsalService service;

    @Inject
    Script script;

    @Inject
    Spans spans;

    @Inject
    Tracer tracer;

    @Inject
    PassingFacts passing;

    private final UUID id = UUID.randomUUID();
    private Span request;
    private KafkaTap commands;
    private KafkaTap replies;
    private KafkaTap facts;

    @BeforeEach
    void listen() {
        request = tracer.spanBuilder("request").startSpan();
        commands = new KafkaTap(Topics.SNAPSHOT_COMMANDS);
        replies = new KafkaTap(Topics.SNAPSHOT_REPLIES);
        facts = new KafkaTap(Topics.EVENTS);
    }

    @AfterEach
    void close() {
        request.end();
        commands.close();
        replies.close();
        facts.close();
    }

    @Test
    void everyMessageOfASagaAndItsWorkAreInTheTraceOfTheRequest() {
        start(Rehearsal.of(id, "n1", "n2"));

        assertInTrace(commands.hear(id.toString(), 4));
        assertInTrace(replies.hear(id.toString(), 4));
        assertInTrace(facts.hear(id.toString(), 7));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(spans.of(trace()))
                        .extracting(SpanData::getKind)
                        .filteredOn(kind -> kind == SpanKind.CONSUMER)
                        .hasSizeGreaterThanOrEqualTo(8));
        assertThat(spans.of(trace()))
                .extracting(SpanData::getKind)
                .filteredOn(kind -> kind == SpanKind.PRODUCER)
                .hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void whatAPollContinuesIsInTheTraceOfTheRequestToo() {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        script.deviate(
                id + "/hurry/any",
                (nth, usual) -> Uni.createFrom().completionStage(slow.thenApply(done -> Outcome.reply(usual))));
        start(Rehearsal.hurried(id));

        List<ConsumerRecord<String, byte[]>> sent = commands.hear(id.toString(), 2);
        slow.complete(null);

        assertThat(sent.subList(0, 2))
                .extracting(record -> KafkaTap.header(record, "ce_attempt"))
                .containsExactly("1", "2");
        assertInTrace(sent);
        await().atMost(PATIENCE).until(() -> service.find(id).phase().terminal());
        assertInTrace(facts.hear(id.toString(), 7));
    }

    @Test
    void progressThatPassesIsInNoTrace() {
        RehearsalService.await(Uni.createFrom().deferred(() -> {
            request.makeCurrent();
            return passing.tell(id.toString(), new SagaFact.StepAdvanced(id.toString(), "seal", "node-a", 1, 2));
        }));

        String traceparent = KafkaTap.header(facts.hear(id.toString(), 1).get(0), "traceparent");
        assertThat(traceparent).doesNotContain(trace()).endsWith("-00");
    }

    private void start(Rehearsal data) {
        RehearsalService.await(Uni.createFrom().deferred(() -> {
            // The scope ends with the context of this call.
            request.makeCurrent();
            return service.start(id, data, null);
        }));
    }

    private void assertInTrace(List<ConsumerRecord<String, byte[]>> records) {
        assertThat(records)
                .allSatisfy(record -> assertThat(KafkaTap.header(record, "traceparent"))
                        .as("%s of %s", KafkaTap.header(record, "ce_type"), record.topic())
                        .startsWith("00-" + trace() + "-"));
    }

    private String trace() {
        return request.getSpanContext().getTraceId();
    }
}
