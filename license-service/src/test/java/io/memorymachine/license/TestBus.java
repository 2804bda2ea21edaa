package io.memorymachine.license;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand;

import static org.assertj.core.api.Assertions.assertThat;

/** An orchestrator's and a node's end of Kafka: sends commands and facts, sees everything that arrives since it was made. */
public final class TestBus implements AutoCloseable {
    private static final List<String> HEARD = List.of(Topics.SNAPSHOT_REPLIES, Topics.EVENTS, Topics.DEAD_LETTER);

    private final ObjectMapper json;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> heard = new ArrayList<>();

    TestBus(String bootstrapServers, ObjectMapper json) {
        this(bootstrapServers, Map.of(), json);
    }

    /** As one whom the broker knows by these settings. */
    TestBus(String bootstrapServers, Map<String, String> security, ObjectMapper json) {
        this.json = json;
        Map<String, Object> config = new HashMap<>(security);
        config.put("bootstrap.servers", bootstrapServers);
        config.put("linger.ms", 0);
        producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        config.remove("linger.ms");
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = HEARD.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // The position is fixed when it is asked for, not when it is set.
        partitions.forEach(consumer::position);
    }

    /** Sends a command as a step of a saga that has no other; returns its correlation. */
    public Correlation send(LicenseCommand command) {
        String saga = UUID.randomUUID().toString();
        Correlation correlation = new Correlation(saga, "authorize", saga + "/authorize/", 1, Topics.SNAPSHOT_REPLIES);
        send(command, correlation);
        return correlation;
    }

    /** Sends a command. */
    public void send(LicenseCommand command, Correlation correlation) {
        ProducerRecord<String, byte[]> record = event(Topics.LICENSE_COMMANDS, correlation.sagaId(), command);
        header(record, "ce_sagaid", correlation.sagaId());
        header(record, "ce_sagastep", correlation.step());
        header(record, "ce_commandkey", correlation.commandKey());
        header(record, "ce_attempt", Integer.toString(correlation.attempt()));
        header(record, "ce_replyto", correlation.replyTo());
        producer.send(record);
        producer.flush();
    }

    /** Tells a fact. */
    public void tell(Fact fact) {
        producer.send(event(Topics.EVENTS, "node", fact));
        producer.flush();
    }

    /** Sends any bytes, with a wire type if that is not null. */
    public void sendRaw(String topic, String wireType, byte[] data) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "raw", data);
        if (wireType != null) {
            attributes(record, wireType);
        }
        producer.send(record);
        producer.flush();
    }

    /** The reply to a command; waits for it. */
    public Message reply(Correlation correlation) {
        return decode(await(record -> record.topic().equals(correlation.replyTo())
                && correlation.commandKey().equals(headerOf(record, "ce_commandkey"))));
    }

    /** All replies to a command that have arrived. */
    public List<Message> replies(Correlation correlation) {
        poll();
        return heard.stream()
                .filter(record -> record.topic().equals(correlation.replyTo())
                        && correlation.commandKey().equals(headerOf(record, "ce_commandkey")))
                .map(this::decode)
                .toList();
    }

    /** The facts of one key that have arrived. */
    public List<Message> facts(String key) {
        poll();
        return heard.stream()
                .filter(record -> record.topic().equals(Topics.EVENTS) && key.equals(record.key()))
                .map(this::decode)
                .toList();
    }

    /** Waits for a dead letter with those bytes. */
    public void awaitDeadLetter(byte[] data) {
        await(record -> record.topic().equals(Topics.DEAD_LETTER) && Arrays.equals(record.value(), data));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }

    private ConsumerRecord<String, byte[]> await(Predicate<ConsumerRecord<String, byte[]>> wanted) {
        long deadline = System.nanoTime() + IntegrationTest.SOON.toNanos();
        while (true) {
            for (ConsumerRecord<String, byte[]> record : heard) {
                if (wanted.test(record)) {
                    return record;
                }
            }
            assertThat(System.nanoTime()).as("nothing arrived in time").isLessThan(deadline);
            poll();
        }
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(100)).forEach(heard::add);
    }

    private Message decode(ConsumerRecord<String, byte[]> record) {
        try {
            return json.readValue(
                    record.value(), Contracts.find(headerOf(record, "ce_type")).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProducerRecord<String, byte[]> event(String topic, String key, Message message) {
        try {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, json.writeValueAsBytes(message));
            attributes(record, message.wireType());
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void attributes(ProducerRecord<String, byte[]> record, String wireType) {
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", UUID.randomUUID().toString());
        header(record, "ce_source", "/test");
        header(record, "ce_type", wireType);
        header(record, "content-type", "application/json");
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String headerOf(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
