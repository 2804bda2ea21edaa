package io.memorymachine.restore.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.Contracts;
import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.UnguardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized.MaterializedMember;
import io.memorymachine.contract.pmem.PmemReply.MembersReleased;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.OperationFailedException;

/**
 * license-service, snapshot-service and the nodes' pmem-services, on the real broker. Every reply is sent twice, as Kafka
 * may. Tests plant refusals and silence by the name of the saga's step.
 */
@ApplicationScoped
public class FakeParticipants {
    private final FakePlatform platform;
    private final FakeSnapshots snapshots;
    private final ObjectMapper json;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Failure> refusals = new ConcurrentHashMap<>();
    private final Map<String, List<Runnable>> heldBack = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Set<String> reserved = ConcurrentHashMap.newKeySet();
    private final Thread loop = new Thread(this::run, "fake-participants");

    @Inject
    FakeParticipants(
            FakePlatform platform,
            FakeSnapshots snapshots,
            ObjectMapper json,
            @ConfigProperty(name = "kafka.bootstrap.servers") String broker) {
        this.platform = platform;
        this.snapshots = snapshots;
        this.json = json;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker,
                        "group.id",
                        "fakes-" + UUID.randomUUID(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new ByteArraySerializer());
    }

    /** A message as it was seen on a topic. */
    private record Seen(String topic, String key, Map<String, String> headers, Message message) {}

    void onStart(@Observes StartupEvent started) {
        loop.start();
    }

    void onStop(@Observes ShutdownEvent stopped) throws InterruptedException {
        consumer.wakeup();
        loop.join();
        producer.close(Duration.ofSeconds(5));
    }

    // --- what tests plant and see

    /** What space is set aside for, as {@code node id}. */
    public Set<String> reserved() {
        return Set.copyOf(reserved);
    }

    /** Nothing goes wrong any more. */
    public void behave() {
        refusals.clear();
        heldBack.clear();
    }

    /** Commands of this step are refused for good. */
    public void refuse(String step, Failure failure) {
        refusals.put(step, failure);
    }

    /** Commands of this step get no answer until {@link #speakAt}. */
    public void staySilentAt(String step) {
        heldBack.put(step, new CopyOnWriteArrayList<>());
    }

    /** What was held back is answered now. */
    public void speakAt(String step) {
        heldBack.remove(step).forEach(Runnable::run);
    }

    /** Whether a command of this step waits for {@link #speakAt}. */
    public boolean isAskedAt(String step) {
        return !heldBack.getOrDefault(step, List.of()).isEmpty();
    }

    /** The facts about a saga, in order, progress left out. */
    public List<Fact> milestones(String sagaId) {
        return seen.stream()
                .filter(one -> one.topic.equals(Topics.EVENTS) && one.key.equals(sagaId))
                .map(one -> (Fact) one.message)
                .filter(fact -> !(fact instanceof SagaFact))
                .toList();
    }

    /** The replies to a command that a test has sent with {@link #ask}. */
    public List<Reply> repliesTo(String commandKey) {
        return seen.stream()
                .filter(one -> one.topic.equals(Topics.SNAPSHOT_REPLIES)
                        && commandKey.equals(one.headers.get("ce_commandkey")))
                .map(one -> (Reply) one.message)
                .toList();
    }

    /** Sends a command to restore-service. */
    public void ask(String commandKey, Command command) {
        String[] parts = commandKey.split("/");
        send(
                Topics.RESTORE_COMMANDS,
                command,
                new Correlation(parts[0], parts[1], commandKey, 1, Topics.SNAPSHOT_REPLIES));
    }

    /** Sends bytes that are no message to a topic. */
    public void sendGarbage(String topic) {
        producer.send(new ProducerRecord<>(topic, "garbage", new byte[] {'{', 0, 1}));
    }

    // --- the loop

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(
                    Topics.LICENSE_COMMANDS,
                    Topics.PMEM_COMMANDS,
                    Topics.SNAPSHOT_COMMANDS,
                    Topics.SNAPSHOT_REPLIES,
                    Topics.EVENTS));
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
            }
        } catch (WakeupException stopped) {
            // The application ends.
        }
    }

    private void take(ConsumerRecord<String, byte[]> received) {
        Map<String, String> headers = new ConcurrentHashMap<>();
        for (Header header : received.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        Message message = decode(headers.get("ce_type"), received.value());
        seen.add(new Seen(received.topic(), received.key(), headers, message));
        if (message instanceof Command command) {
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
        Failure refusal = refusals.get(correlation.step());
        if (refusal != null) {
            return new CommandFailed(refusal, false);
        }
        try {
            return perform(command);
        } catch (OperationFailedException refused) {
            return new CommandFailed(Failure.of(refused), refused.retryable());
        }
    }

    private Reply perform(Command command) {
        if (command instanceof AuthorizeOperation authorize) {
            return new Authorized(authorize.operation(), "test", Instant.now());
        } else if (command instanceof ReleaseAuthorization release) {
            return new Released(release.operation());
        } else if (command instanceof HoldSnapshot hold) {
            return snapshots.hold(hold);
        } else if (command instanceof UnholdSnapshot unhold) {
            return snapshots.unhold(unhold);
        } else if (command instanceof RequestSnapshot request) {
            return snapshots.take(request);
        } else if (command instanceof DeleteSnapshot delete) {
            return snapshots.delete(delete);
        } else if (command instanceof ReserveSpace reserve) {
            reserved.add(reserve.node() + " " + reserve.snapshotId());
            return new SpaceReserved(reserve.node(), reserve.snapshotId(), 1000, CaptureMode.CLONE);
        } else if (command instanceof DiscardImages discard) {
            reserved.remove(discard.node() + " " + discard.snapshotId());
            return new ImagesDiscarded(discard.node(), discard.snapshotId(), 1000);
        } else if (command instanceof VerifyImages verify) {
            return new ImagesVerified(verify.node(), verify.snapshotId(), 1000);
        } else if (command instanceof MaterializeMembers materialize) {
            materialize.members().forEach(member -> cluster(member).materialize(member, materialize.snapshotId()));
            return new MembersMaterialized(
                    materialize.node(),
                    materialize.operation(),
                    materialize.members().stream()
                            .map(member -> new MaterializedMember(member.member(), 1234))
                            .toList());
        } else if (command instanceof ReleaseMembers release) {
            release.members().forEach(member -> cluster(member).release(member));
            return new MembersReleased(release.node(), release.operation(), Instant.now());
        } else if (command instanceof UnguardQuiesce unguard) {
            return new QuiesceUnguarded(unguard.node(), unguard.operation());
        } else if (command instanceof AbandonOperation abandon) {
            abandon.members().forEach(member -> cluster(member).abandon(member));
            return new OperationAbandoned(abandon.node(), abandon.operation());
        }
        throw new IllegalStateException("no participant executes " + command);
    }

    private FakeCluster cluster(MemberPlacement member) {
        return platform.cluster(member.member().workload());
    }

    private Message decode(String type, byte[] data) {
        try {
            return json.readValue(data, Contracts.find(type).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(String topic, Message message, Correlation correlation) {
        try {
            ProducerRecord<String, byte[]> sent =
                    new ProducerRecord<>(topic, correlation.sagaId(), json.writeValueAsBytes(message));
            List<String> headers = new ArrayList<>(List.of(
                    "ce_specversion", "1.0",
                    "ce_id", UUID.randomUUID().toString(),
                    "ce_source", "/fakes",
                    "ce_type", message.wireType(),
                    "ce_sagaid", correlation.sagaId(),
                    "ce_sagastep", correlation.step(),
                    "ce_commandkey", correlation.commandKey(),
                    "ce_attempt", Integer.toString(correlation.attempt()),
                    "ce_replyto", correlation.replyTo(),
                    "content-type", "application/json"));
            for (int i = 0; i < headers.size(); i += 2) {
                sent.headers().add(headers.get(i), headers.get(i + 1).getBytes(StandardCharsets.UTF_8));
            }
            producer.send(sent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
