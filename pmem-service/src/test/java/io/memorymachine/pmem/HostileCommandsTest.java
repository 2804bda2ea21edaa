package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.hostile.HostileJson;
import io.memorymachine.hostile.HostileTexts;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.testing.TestParticipants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever stands on the topic of commands, a node goes on to work, and nothing happens outside its volume. */
@RealBacking
class HostileCommandsTest {
    private static final Path GOLDEN = Path.of("..", "common", "src", "test", "resources", "contracts");
    private static final String NODE = "node-a";
    private static final long SEED = 20260308;
    private static final int CHANGES = 12;

    @Inject
    FakeNode node;

    @Inject
    ObjectMapper json;

    @Inject
    MeterRegistry meters;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String snapshot = UUID.randomUUID().toString();
    private TestParticipants orchestrator;

    @BeforeEach
    void listen() {
        node.clear();
        orchestrator = new TestParticipants(broker, json, List.of(), command -> null);
    }

    @AfterEach
    void close() throws IOException {
        orchestrator.close();
        Trees.remove(volume.resolve("snapshots"));
        Trees.remove(volume.resolve("reservations"));
    }

    @Test
    void aBurstOfHostileCommandsIsSurvivedAndNothingLeavesTheVolume() throws IOException {
        List<MemberPlacement> members = node.runs(new WorkloadRef("demo", "survivor"), 1, 1 << 20);
        List<String> before = around();
        double poison = meters.counter("mm.messages.poison").count();

        orchestrator.sendAll(burst());
        String key = snapshot + "/reserve/" + NODE;
        orchestrator.ask(
                Topics.PMEM_COMMANDS, key, new ReserveSpace(NODE, snapshot, members, false), Topics.SNAPSHOT_REPLIES);

        assertThat(await().until(() -> orchestrator.repliesTo(key), replies -> !replies.isEmpty()))
                .as("seed %s", SEED)
                .allSatisfy(reply -> assertThat(reply).isInstanceOf(SpaceReserved.class));
        assertThat(meters.counter("mm.messages.poison").count()).isGreaterThan(poison + 20);
        await().until(() -> meters.get("mm.commands.in.flight").gauge().value() == 0);
        assertThat(around()).isEqualTo(before);
        assertThat(content(volume.resolve("snapshots"))).isEmpty();
    }

    /** Spoilt commands of every type, and good ones with every hostile text as their id. */
    private List<ProducerRecord<String, byte[]>> burst() throws IOException {
        HostileJson hostile = new HostileJson(SEED);
        List<ProducerRecord<String, byte[]>> burst = new ArrayList<>();
        for (Class<?> type : PmemCommand.class.getPermittedSubclasses()) {
            String wireType = Message.wireType(type.asSubclass(Message.class));
            ObjectNode golden = (ObjectNode) json.readTree(Files.readString(GOLDEN.resolve(wireType + ".json")));
            for (int i = 0; i < CHANGES; i++) {
                burst.add(record(wireType, hostile.spoil(golden.toString())));
            }
            for (String text : HostileTexts.ALL) {
                ObjectNode odd = golden.deepCopy();
                Stream.of("snapshotId", "operation").filter(odd::has).forEach(field -> odd.put(field, text));
                burst.add(record(wireType, json.writeValueAsBytes(odd)));
            }
        }
        return burst;
    }

    private static ProducerRecord<String, byte[]> record(String wireType, byte[] data) {
        String saga = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.PMEM_COMMANDS, saga, data);
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        saga,
                        "ce_source",
                        "/test",
                        "ce_type",
                        wireType,
                        "ce_node",
                        NODE,
                        "ce_sagaid",
                        saga,
                        "ce_sagastep",
                        "hostile",
                        "ce_commandkey",
                        saga + "/hostile/" + NODE,
                        "ce_replyto",
                        Topics.RESTORE_REPLIES)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** Everything beside the volume, where a name that leaves it would end up. */
    private List<String> around() throws IOException {
        try (Stream<Path> all = Files.walk(volume.getParent())) {
            return all.filter(path -> !path.startsWith(volume))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> content(Path root) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root)).map(Path::toString).toList();
        }
    }
}
