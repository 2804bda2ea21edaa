package io.memorymachine.saga.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.memorymachine.backing.BackingServices;

import static org.assertj.core.api.Assertions.assertThat;

/** Listens in on a topic from now on, beside the consumers of the application. */
final class KafkaTap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> heard = new ArrayList<>();

    KafkaTap(String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        BackingServices.kafka().bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "tap-" + UUID.randomUUID(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** All records of a key that were heard, once the condition holds for them. */
    List<ConsumerRecord<String, byte[]>> hear(String key, Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<ConsumerRecord<String, byte[]>> matching = matching(key);
        while (!enough.test(matching)) {
            assertThat(System.nanoTime())
                    .as("only %s records of %s", matching.size(), key)
                    .isLessThan(until);
            consumer.poll(Duration.ofMillis(100)).forEach(heard::add);
            matching = matching(key);
        }
        return matching;
    }

    List<ConsumerRecord<String, byte[]>> hear(String key, int records) {
        return hear(key, matching -> matching.size() >= records);
    }

    private List<ConsumerRecord<String, byte[]>> matching(String key) {
        return heard.stream().filter(record -> key.equals(record.key())).toList();
    }

    static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Sends a record to where it came from once more. */
    static void repeat(ConsumerRecord<String, byte[]> record) {
        send(new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers()));
    }

    static void send(ProducerRecord<String, byte[]> record) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        BackingServices.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
