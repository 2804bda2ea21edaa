package io.memorymachine.pmem.participant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.pmem.RealBacking;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.runtime.Trees;

import static org.assertj.core.api.Assertions.assertThat;

@RealBacking
class LeftoversTest {
    @Inject
    FakeNode node;

    @Inject
    NodeMembers members;

    @Inject
    Leftovers leftovers;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    private List<MemberPlacement> placements;

    @BeforeEach
    void set() throws IOException {
        node.clear();
        placements = node.runs(new WorkloadRef("demo", "left"), 2, 4096);
        for (MemberPlacement member : placements) {
            LiveFolder live = members.live(member);
            Files.writeString(Trees.create(live.dump()).resolve("pages-1.img"), "x");
            Files.writeString(live.hookSocket(), "");
            Files.writeString(Trees.create(live.heaps()).resolve("link_remap.1"), "x");
            Files.writeString(live.heap(), "x");
        }
    }

    @AfterEach
    void clear() throws IOException {
        node.clear();
        Trees.remove(volume.resolve("live"));
        Trees.remove(volume.resolve("reservations"));
    }

    @Test
    void whatACaptureLeftIsRemovedAndTheHeapStays() throws IOException {
        leftovers.remove();

        for (MemberPlacement member : placements) {
            LiveFolder live = members.live(member);
            assertThat(live.dump()).doesNotExist();
            assertThat(live.hookSocket()).doesNotExist();
            assertThat(live.linkRemaps()).isEmpty();
            assertThat(live.heap()).exists();
        }
    }

    @Test
    void whatARestorePutsIntoAPlaceholderStays() throws IOException {
        node.losesItsApplication(placements.get(1));

        leftovers.remove();

        assertThat(members.live(placements.get(0)).dump()).doesNotExist();
        assertThat(members.live(placements.get(1)).dump()).exists();
        assertThat(members.live(placements.get(1)).linkRemaps()).hasSize(1);
    }

    @Test
    void aReservationThatWasNotWrittenToItsEndIsRemoved() throws IOException {
        Path folder = Trees.create(volume.resolve("reservations"));
        Files.writeString(folder.resolve("one.new"), "1");
        Files.writeString(folder.resolve("two"), "2");

        leftovers.remove();

        assertThat(folder.resolve("one.new")).doesNotExist();
        assertThat(folder.resolve("two")).exists();
    }
}
