package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.runtime.Trees;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

@RealBacking
class NodeResourceTest {
    private static final WorkloadRef WORKLOAD = new WorkloadRef("demo", "hz");

    @Inject
    FakeNode node;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @BeforeEach
    void clear() {
        node.clear();
    }

    @AfterEach
    void remove() throws IOException {
        Trees.remove(volume.resolve("live"));
        Trees.remove(volume.resolve("snapshots"));
        Trees.remove(volume.resolve("reservations"));
    }

    @Test
    void theUsageOfTheVolumeIsTold() throws IOException {
        Files.write(Trees.create(volume.resolve("live/demo/hz/hz-0/heap")).resolve("heap"), new byte[1 << 20]);
        Files.write(Trees.create(volume.resolve("snapshots/one/hz-0/criu")).resolve("pages-1.img"), new byte[2 << 20]);
        Files.writeString(Trees.create(volume.resolve("reservations")).resolve("two"), "4096");

        when().get("/api/v1/usage")
                .then()
                .statusCode(200)
                .body("node", equalTo("node-a"))
                .body("mode", equalTo("directory"))
                .body("reserved", equalTo(4096))
                .body("live", greaterThan((1 << 20) - 1))
                .body("snapshots", greaterThan((2 << 20) - 1))
                .body("shared", equalTo(0))
                .body("capacity", notNullValue())
                .body("free", notNullValue())
                .body("at", notNullValue());
    }

    @Test
    void anEmptyVolumeHasAUsageToo() {
        when().get("/api/v1/usage")
                .then()
                .statusCode(200)
                .body("live", equalTo(0))
                .body("snapshots", equalTo(0));
    }

    @Test
    void theMembersAreListedWithWhatKeepsThemFromBeingCaptured() {
        node.runs(WORKLOAD, 2, 4096);
        MemberPlacement elsewhere = node.runsElsewhere(new MemberRef(WORKLOAD, 2));
        MemberPlacement dead = node.runsElsewhere(new MemberRef(WORKLOAD, 3));
        node.losesItsApplication(dead);

        when().get("/api/v1/members")
                .then()
                .statusCode(200)
                .body("items.pod", contains("hz-0", "hz-1", "hz-2", "hz-3"))
                .body("items.namespace", contains("demo", "demo", "demo", "demo"))
                .body("items.heapOnVolume", contains(true, true, false, false))
                .body("items[0].pid", notNullValue())
                .body("items[0]", not(hasKey("problem")))
                .body("items[2].ip", equalTo(elsewhere.address()))
                .body("items[3]", not(hasKey("pid")))
                .body("items[3].problem", containsString("MEMBER_DOWN"));
    }

    @Test
    void aNodeWithoutMembersIsNoProblem() {
        when().get("/api/v1/members").then().statusCode(200).body("items", empty());
    }

    @Test
    void whatDoesNotExistIsAProblem() {
        when().get("/api/v1/nothing").then().statusCode(404).contentType("application/problem+json");
        when().delete("/api/v1/usage")
                .then()
                .statusCode(405)
                .contentType("application/problem+json")
                .body("reason", equalTo("INVALID_REQUEST"));
    }

    @Test
    void theServiceIsHealthyAndDescribesItself() {
        when().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        when().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        when().get("/q/openapi?format=json").then().statusCode(200).body("paths", hasKey("/api/v1/usage"));
        when().get("/q/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }
}
