package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Content;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Holding;
import io.memorymachine.contract.snapshot.SnapshotFact.InventoryChecked;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.testing.TestParticipants;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

/** What the node tells of its volume, and what it removes by itself. */
@RealBacking
class InventoryTest {
    private static final String NODE = "node-a";

    @Inject
    ObjectMapper json;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private TestParticipants others;

    @BeforeEach
    void listen() {
        others = new TestParticipants(broker, json, List.of(), command -> null);
    }

    @AfterEach
    void close() throws IOException {
        others.close();
        Trees.remove(volume.resolve("snapshots"));
        Trees.remove(volume.resolve("reservations"));
    }

    @Test
    void theInventoryTellsWhatIsSealedAndWhatHasLainThereForLong() throws IOException {
        String sealed = UUID.randomUUID().toString();
        String half = UUID.randomUUID().toString();
        String old = UUID.randomUUID().toString();
        String reserved = UUID.randomUUID().toString();
        image(sealed, "hz-0", true);
        image(sealed, "hz-1", true);
        image(half, "hz-0", true);
        image(half, "hz-1", false);
        image(old, "hz-0", false);
        Files.setLastModifiedTime(
                volume.resolve("snapshots").resolve(old),
                FileTime.from(Instant.now().minus(Duration.ofMinutes(16))));
        Files.writeString(Trees.create(volume.resolve("reservations")).resolve(reserved), "4096");
        Files.writeString(volume.resolve("reservations").resolve(sealed), "4096");
        Files.writeString(volume.resolve("reservations").resolve(reserved + ".new"), "4");

        InventoryTaken taken = await().until(
                        () -> inventories().stream()
                                .filter(one -> one.holdings().size() == 4)
                                .findFirst(),
                        found -> found.isPresent())
                .get();

        assertThat(taken.node()).isEqualTo(NODE);
        assertThat(taken.holdings().get(0)).isEqualTo(new Holding(reserved, Content.RESERVATION, false));
        assertThat(taken.holdings().get(3)).isEqualTo(new Holding(sealed, Content.SEALED, false));
        assertThat(taken.holdings())
                .contains(new Holding(half, Content.UNSEALED, false), new Holding(old, Content.UNSEALED, true));
    }

    @Test
    void sealedSnapshotsThatNoCatalogueKnowsAreCountedUntilTheyAreKnown() throws IOException {
        String unknown = UUID.randomUUID().toString();
        image(unknown, "hz-0", true);

        others.tell(NODE, new InventoryChecked(NODE, List.of(unknown), Instant.now()));
        others.tell("node-b", new InventoryChecked("node-b", List.of("a", "b", "c"), Instant.now()));
        await().until(() -> Integer.valueOf(1).equals(unknownSnapshots()));
        when().get("/q/metrics").then().body(containsString("mm_pmem_unknown_snapshots 1.0"));

        others.tell(NODE, new InventoryChecked(NODE, List.of(), Instant.now()));
        await().until(() -> Integer.valueOf(0).equals(unknownSnapshots()));
    }

    private Integer unknownSnapshots() {
        return when().get("/api/v1/usage").jsonPath().get("unknownSnapshots");
    }

    private List<InventoryTaken> inventories() {
        return others.milestones(NODE).stream()
                .filter(InventoryTaken.class::isInstance)
                .map(InventoryTaken.class::cast)
                .toList();
    }

    private void image(String snapshot, String pod, boolean sealed) throws IOException {
        Path image = Trees.create(volume.resolve("snapshots").resolve(snapshot).resolve(pod));
        Files.writeString(image.resolve(sealed ? "image.json" : "capture.json"), "{}");
    }
}
