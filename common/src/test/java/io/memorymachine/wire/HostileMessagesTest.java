package io.memorymachine.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.hostile.HostileJson;
import io.memorymachine.hostile.HostileTexts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

/** Whatever stands on a topic is a valid message or a malformed one; a decoder knows nothing third. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class HostileMessagesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/contracts");
    private static final long SEED = 20260305;
    private static final int CHANGES = 150;

    @Inject
    CloudEventCodec codec;

    @ParameterizedTest
    @MethodSource("types")
    void aSpoiltMessageIsValidOrMalformed(String type) throws IOException {
        String golden = Files.readString(GOLDEN.resolve(type + ".json"));
        HostileJson hostile = new HostileJson(SEED + type.hashCode());
        int malformed = 0;

        for (int i = 0; i < CHANGES; i++) {
            byte[] data = hostile.spoil(golden);
            try {
                assertThat(codec.decode(received(headers(type), data), null).message())
                        .isNotNull();
            } catch (MalformedMessageException expected) {
                malformed++;
            } catch (RuntimeException | StackOverflowError e) {
                fail(
                        "seed " + SEED + ", change " + i + " of " + type + ": "
                                + new String(data, 0, Math.min(data.length, 500), StandardCharsets.UTF_8),
                        e);
            }
        }

        assertThat(malformed).as("of %s changes", CHANGES).isPositive();
    }

    /** A message that was decoded can be sent on and stored: it stays as it is when it is written and read again. */
    @ParameterizedTest
    @MethodSource("types")
    void whatIsDecodedCanBeWrittenAndReadBack(String type) throws IOException {
        String golden = Files.readString(GOLDEN.resolve(type + ".json"));
        HostileJson hostile = new HostileJson(SEED * 31 + type.hashCode());

        for (int i = 0; i < CHANGES; i++) {
            Envelope envelope;
            try {
                envelope = codec.decode(received(headers(type), hostile.spoil(golden)), null);
            } catch (MalformedMessageException expected) {
                continue;
            }
            String written = codec.data(envelope.message());
            assertThat(codec.read(type, written, io.memorymachine.contract.envelope.Message.class))
                    .as("seed %s, change %s of %s", SEED, i, type)
                    .isEqualTo(envelope.message());
        }
    }

    @Test
    void anAttributeOfAnyContentIsTakenOrMalformed() {
        String type = "io.memorymachine.snapshot.unhold.v1";
        byte[] data = ("{\"restoreId\":\"" + UUID.randomUUID() + "\"}").getBytes(StandardCharsets.UTF_8);
        for (String name : headers(type).keySet()) {
            for (String text : HostileTexts.ALL) {
                Map<String, byte[]> headers = headers(type);
                headers.put(name, text.getBytes(StandardCharsets.UTF_8));
                valid(headers, data);
            }
            for (byte[] odd : new byte[][] {null, {}, {(byte) 0xff, (byte) 0xfe}, new byte[100_000]}) {
                Map<String, byte[]> headers = headers(type);
                headers.put(name, odd);
                valid(headers, data);
            }
            Map<String, byte[]> without = headers(type);
            without.remove(name);
            valid(without, data);
        }
    }

    private void valid(Map<String, byte[]> headers, byte[] data) {
        try {
            Envelope envelope = codec.decode(received(headers, data), null);
            assertThat(envelope.id()).isNotEmpty();
            assertThat(envelope.wireType()).isNotEmpty();
            if (envelope.correlation() != null) {
                assertThat(envelope.correlation().attempt()).isPositive();
                assertThat(Topics.REPLIES).contains(envelope.correlation().replyTo());
            }
        } catch (MalformedMessageException expected) {
            assertThat(expected).hasMessageMatching("(?s).{1,2000}");
        }
    }

    @Test
    void aMessageWithoutDataOrHeadersIsMalformed() {
        String type = "io.memorymachine.snapshot.unhold.v1";
        assertThatThrownBy(() -> codec.decode(received(headers(type), null), null))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("without data");
        assertThatThrownBy(() -> codec.decode(received(Map.of(), new byte[0]), null))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("not a CloudEvent");
        assertThatThrownBy(() -> codec.decode(Message.of(new byte[0]), null))
                .isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mm.pmem.commands", "mm.deadletter", "no such topic!", ""})
    void aReplyGoesToATopicOfRepliesOnly(String topic) {
        Map<String, byte[]> headers = headers("io.memorymachine.snapshot.unhold.v1");
        headers.put("ce_replyto", topic.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> codec.decode(received(headers, new byte[] {'{', '}'}), null))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("no topic of replies");
    }

    static Stream<String> types() {
        return Contracts.all().stream().map(io.memorymachine.contract.envelope.Message::wireType);
    }

    private static Map<String, byte[]> headers(String type) {
        String saga = "7b6cf1ab-5d4f-4f0e-9d5c-0a4a5f9a1c01";
        Map<String, byte[]> headers = new LinkedHashMap<>();
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "1",
                        "ce_source", "/test",
                        "ce_type", type,
                        "ce_time", "2026-03-04T05:06:07Z",
                        "ce_sagaid", saga,
                        "ce_sagastep", "step",
                        "ce_commandkey", saga + "/step/any",
                        "ce_attempt", "1",
                        "ce_replyto", Topics.SNAPSHOT_REPLIES)
                .forEach((name, value) -> headers.put(name, value.getBytes(StandardCharsets.UTF_8)));
        headers.put("ce_node", "node-a".getBytes(StandardCharsets.UTF_8));
        headers.put("traceparent", "00-1-2-01".getBytes(StandardCharsets.UTF_8));
        return headers;
    }

    private static Message<byte[]> received(Map<String, byte[]> headers, byte[] data) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("topic", 0, 0, null, data);
        headers.forEach(record.headers()::add);
        return Message.of(data, Metadata.of(new IncomingKafkaRecordMetadata<>(record, "channel")));
    }

    /** The golden files are the seeds of all changes: one for each type. */
    @Test
    void everyTypeHasASeed() {
        assertThat(types().map(type -> GOLDEN.resolve(type + ".json")).filter(Files::notExists))
                .isEqualTo(List.of());
    }
}
