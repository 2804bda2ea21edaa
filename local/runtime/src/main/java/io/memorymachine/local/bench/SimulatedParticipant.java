package io.memorymachine.local.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemReply;

/**
 * Stands in for pmem-service: takes its commands from the broker and answers each at once, as if the work took no time. A
 * command that comes again gets the answer that it got. Answers to one kind of command can be held back.
 */
final class SimulatedParticipant implements AutoCloseable {
    /** What a reply carries on of its command. */
    private static final List<String> CORRELATION =
            List.of("ce_sagaid", "ce_sagastep", "ce_commandkey", "ce_attempt", "ce_replyto");

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Thread loop = new Thread(this::run, "simulated-participant");

    /** By the command's key; of the loop alone. */
    private final Map<String, PmemReply> answered = new HashMap<>();

    /** By the command's key, its latest attempt; guarded by this. */
    private final Map<String, ProducerRecord<String, byte[]>> held = new LinkedHashMap<>();

    /** Guarded by this; null where nothing is held back. */
    private Class<? extends PmemCommand> heldKind;

    private volatile Throwable failure;

    private SimulatedParticipant(String broker) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "enable.auto.commit", "false"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker, "linger.ms", 0), new StringSerializer(), new ByteArraySerializer());
    }

    /** Begins to answer what is sent from now on. */
    static SimulatedParticipant start(String broker) {
        SimulatedParticipant participant = new SimulatedParticipant(broker);
        List<TopicPartition> partitions = participant.consumer.partitionsFor(Topics.PMEM_COMMANDS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        participant.consumer.assign(partitions);
        participant.consumer.seekToEnd(partitions);
        // The end of now: the seek itself is done when it is first needed.
        partitions.forEach(participant.consumer::position);
        participant.loop.setDaemon(true);
        participant.loop.start();
        return participant;
    }

    /** Commands of this kind get no answer until {@link #letGo}. */
    synchronized void hold(Class<? extends PmemCommand> kind) {
        heldKind = kind;
    }

    /** How many commands wait for {@link #letGo}, repetitions not counted. */
    synchronized int holding() {
        return held.size();
    }

    /** Answers everything that was held back, and from now on at once. */
    synchronized void letGo() {
        heldKind = null;
        held.values().forEach(producer::send);
        held.clear();
        producer.flush();
    }

    /** Throws if it answers no more. */
    void requireAlive() {
        if (failure != null) {
            throw new BenchFailedException("the simulated participant has failed: " + failure);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            loop.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_WITHIN);
    }

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<String, byte[]> received : consumer.poll(POLL)) {
                    take(received);
                }
            }
        } catch (WakeupException closed) {
            // By close.
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void take(ConsumerRecord<String, byte[]> received) throws IOException {
        Map<String, byte[]> headers = new HashMap<>();
        for (Header header : received.headers()) {
            headers.put(header.key(), header.value());
        }
        String type = text(headers, "ce_type");
        Class<? extends PmemCommand> kind = Contracts.find(type)
                .filter(PmemCommand.class::isAssignableFrom)
                .orElseThrow(() -> new BenchFailedException(type + " is no command of pmem-service"))
                .asSubclass(PmemCommand.class);
        String key = text(headers, "ce_commandkey");
        PmemReply reply = answered.get(key);
        if (reply == null) {
            reply = SimulatedWork.answer(JSON.readValue(received.value(), kind));
            answered.put(key, reply);
        }
        send(kind, key, record(received.key(), headers, reply));
    }

    private synchronized void send(
            Class<? extends PmemCommand> kind, String key, ProducerRecord<String, byte[]> record) {
        if (kind == heldKind) {
            held.put(key, record);
        } else {
            producer.send(record);
        }
    }

    private static ProducerRecord<String, byte[]> record(String saga, Map<String, byte[]> command, PmemReply reply)
            throws IOException {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(text(command, "ce_replyto"), saga, JSON.writeValueAsBytes(reply));
        CORRELATION.forEach(name -> record.headers().add(name, command.get(name)));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_source", "/io.memorymachine/bench",
                        "ce_type", reply.wireType(),
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static String text(Map<String, byte[]> headers, String name) {
        byte[] value = headers.get(name);
        if (value == null) {
            throw new BenchFailedException("a command without " + name);
        }
        return new String(value, StandardCharsets.UTF_8);
    }
}
