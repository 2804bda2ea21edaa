package io.memorymachine.backing;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaBrokerTest {
    @BeforeAll
    static void warningsOnly() {
        QuietLogging.install();
    }

    @TempDir
    Path directory;

    @Test
    void recordsAndTopicsOutliveARestart() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(directory.resolve("kafka"), 0, 2)) {
            send(broker, "mm.events", "first");
            assertThat(partitions(broker, "mm.pmem.commands")).isEqualTo(2);
        }

        try (KafkaBroker broker = KafkaBroker.start(directory.resolve("kafka"), 0)) {
            assertThat(receiveOne(broker, "mm.events")).isEqualTo("first");
            assertThat(topics(broker)).containsAll(Topics.ALL);
            assertThat(partitions(broker, "mm.pmem.commands")).isEqualTo(2);
        }
    }

    @Test
    void asAProcessItSaysWhenItServesAndEndsAtSigterm() throws Exception {
        Process process = ChildJvm.start(
                KafkaBroker.class, directory.resolve("kafka").toString(), Integer.toString(FreePort.orElse(0)));
        try {
            BufferedReader stdout = process.inputReader(StandardCharsets.UTF_8);

            assertThat(stdout.readLine()).startsWith("READY 127.0.0.1:");
            process.toHandle().destroy();
            assertThat(stdout.lines()).isEmpty();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void send(KafkaBroker broker, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static String receiveOne(KafkaBroker broker, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "test",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> received : consumer.poll(Duration.ofMillis(200))) {
                    return received.value();
                }
            }
            throw new AssertionError("nothing received from " + topic);
        }
    }

    private static Set<String> topics(KafkaBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get();
        }
    }

    private static int partitions(KafkaBroker broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        }
    }
}
