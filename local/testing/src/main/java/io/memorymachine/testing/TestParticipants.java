package io.memorymachine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.OperationFailedException;

/**
 * The services around the one under test, on the real broker: they see every message and answer the commands of some topics.
 * Every reply is sent twice, as Kafka may. Tests plant refusals and silence by the name of the saga's step.
 */
public final class TestParticipants implements AutoCloseable {
    private final List<String> played;
    private final Function<Command, Reply> work;
    private final ObjectMapper json;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, CommandFailed> refusals = new ConcurrentHashMap<>();
    private final Map<String, List<Runnable>> heldBack = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Thread loop = new Thread(this::run, "test-participants");

    /**
     * Begins to listen.
     *
     * @param broker Kafka's bootstrap servers
     * @param played the command topics whose services are played
     * @param work executes a command; refuses by {@link OperationFailedException}
     */
    public TestParticipants(String broker, ObjectMapper json, List<String> played, Function<Command, Reply> work) {
        this.played = played;
        this.work = work;
        this.json = json;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker, "linger.ms", 0), new StringSerializer(), new ByteArraySerializer());
        // Assigned, not subscribed: no test has to wait for a group to form.
        consumer.assign(Topics.ALL.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        loop.start();
    }

    /** A message as it was seen on a topic; null where it is none. */
    private record Seen(String topic, String key, Map<String, String> headers, Message message, String data) {}

    // --- what tests plant

    /** Nothing goes wrong any more. */
    public void behave() {
        refusals.clear();
        heldBack.clear();
    }

    /** Commands of this step are refused for good. */
    public void refuse(String step, Failure failure) {
        refusals.put(step, new CommandFailed(failure, false));
    }

    /** Commands of this step get no answer until {@link #speakAt}. */
    public void staySilentAt(String step) {
        heldBack.put(step, new CopyOnWriteArrayList<>());
    }

    /** What was held back is executed and answered now. */
    public void speakAt(String step) {
        heldBack.remove(step).forEach(Runnable::run);
    }

    /** Whether a command of this step waits for {@link #speakAt}. */
    public boolean isAskedAt(String step) {
        return !heldBack.getOrDefault(step, List.of()).isEmpty();
    }

    /** Sends a command of a saga that has no other; its key is {@code saga/step/target}. */
    public void ask(String topic, String commandKey, Command command, String replyTo) {
        String[] parts = commandKey.split("/");
        send(topic, command, new Correlation(parts[0], parts[1], commandKey, 1, replyTo));
    }

    /** Tells everybody a fact. */
    public void tell(String key, Fact fact) {
        send(Topics.EVENTS, key, fact, new TreeMap<>());
    }

    /** Sends records as they are, whatever they hold. */
    public void sendAll(List<ProducerRecord<String, byte[]>> records) {
        records.forEach(producer::send);
        producer.flush();
    }

    /** Sends bytes that are no message. */
    public void sendGarbage(String topic) {
        producer.send(new ProducerRecord<>(topic, "garbage", new byte[] {'{', 0, 1}));
        producer.flush();
    }

    // --- what tests see

    /** The commands of one saga, in the order in which they were sent, repetitions included. */
    public List<Command> commands(String sagaId) {
        return seen.stream()
                .filter(one -> sagaId.equals(one.key) && one.message instanceof Command)
                .map(one -> (Command) one.message)
                .toList();
    }

    /** The facts about a saga, in order, progress left out. */
    public List<Fact> milestones(String sagaId) {
        return seen.stream()
                .filter(one -> one.topic.equals(Topics.EVENTS) && sagaId.equals(one.key))
                .map(one -> (Fact) one.message)
                .filter(fact -> !(fact instanceof SagaFact))
                .toList();
    }

    /** The replies to a command. */
    public List<Reply> repliesTo(String commandKey) {
        return seen.stream()
                .filter(one -> commandKey.equals(one.headers.get("ce_commandkey")) && one.message instanceof Reply)
                .map(one -> (Reply) one.message)
                .toList();
    }

    /** Everything that was seen and speaks of this text. */
    public List<Message> messagesThatName(String text) {
        return seen.stream()
                .filter(one -> one.data.contains(text))
                .map(one -> one.message)
                .toList();
    }

    /** How many dead letters were seen. */
    public long deadLetters() {
        return seen.stream().filter(one -> one.topic.equals(Topics.DEAD_LETTER)).count();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }

    // --- the loop

    private void run() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
            }
        } catch (WakeupException stopped) {
            // The test run ends.
        }
    }

    private void take(ConsumerRecord<String, byte[]> received) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : received.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        Message message = decode(headers.get("ce_type"), received.value());
        String data = new String(received.value(), StandardCharsets.UTF_8);
        seen.add(new Seen(received.topic(), received.key(), headers, message, data));
        if (message instanceof Command command && played.contains(received.topic())) {
            Correlation correlation = new Correlation(
                    headers.get("ce_sagaid"),
                    headers.get("ce_sagastep"),
                    headers.get("ce_commandkey"),
                    Integer.parseInt(headers.get("ce_attempt")),
                    headers.get("ce_replyto"));
            List<Runnable> waiting = heldBack.get(correlation.step());
            if (waiting == null) {
                answer(command, correlation);
            } else {
                waiting.add(() -> answer(command, correlation));
            }
        }
    }

    private void answer(Command command, Correlation correlation) {
        Reply reply = execute(command, correlation);
        send(correlation.replyTo(), reply, correlation);
        send(correlation.replyTo(), reply, correlation);
    }

    private Reply execute(Command command, Correlation correlation) {
        CommandFailed refusal = refusals.get(correlation.step());
        if (refusal != null) {
            return refusal;
        }
        try {
            return work.apply(command);
        } catch (OperationFailedException refused) {
            return new CommandFailed(Failure.of(refused), refused.retryable());
        }
    }

    /** Null for what is no message of the product, such as a dead letter. */
    private Message decode(String type, byte[] data) {
        Class<? extends Message> known =
                type == null ? null : Contracts.find(type).orElse(null);
        if (known == null) {
            return null;
        }
        try {
            return json.readValue(data, known);
        } catch (IOException e) {
            return null;
        }
    }

    private void send(String topic, Message message, Correlation correlation) {
        Map<String, String> headers = new TreeMap<>(Map.of(
                "ce_sagaid", correlation.sagaId(),
                "ce_sagastep", correlation.step(),
                "ce_commandkey", correlation.commandKey(),
                "ce_attempt", Integer.toString(correlation.attempt()),
                "ce_replyto", correlation.replyTo()));
        if (message instanceof Command command && command.targetNode() != null) {
            headers.put("ce_node", command.targetNode());
        }
        send(topic, correlation.sagaId(), message, headers);
    }

    private void send(String topic, String key, Message message, Map<String, String> headers) {
        try {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, json.writeValueAsBytes(message));
            headers.putAll(Map.of(
                    "ce_specversion", "1.0",
                    "ce_id", UUID.randomUUID().toString(),
                    "ce_source", "/test",
                    "ce_type", message.wireType(),
                    "content-type", "application/json"));
            headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record);
            producer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
