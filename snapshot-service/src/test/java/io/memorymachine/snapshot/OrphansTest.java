package io.memorymachine.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Content;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Holding;
import io.memorymachine.contract.snapshot.SnapshotFact.InventoryChecked;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.testing.TestParticipants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What nodes say they hold, and what of it is removed. */
@RealBacking
class OrphansTest {
    private static final Failure BROKEN = new Failure(FailureReason.CRIU_FAILED, "it broke");

    @Inject
    Scene.Stage stage;

    @Inject
    TestParticipants participants;

    private final String unknown = UUID.randomUUID().toString();
    private Scene scene;

    @BeforeEach
    void set() {
        scene = stage.set();
    }

    @Test
    void whatASealedSnapshotNeedsStays() {
        String id = scene.sealed().getString("id");

        assertThat(check(new Holding(id, Content.SEALED, true))).isEmpty();

        assertThat(discards(id)).isZero();
        assertThat(scene.cluster.held(id)).hasSize(2);
    }

    @Test
    void whatARunningSagaWorksOnStaysHoweverOldItIs() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        String id = Scene.awaitStep(scene.name, "capture").getString("id");

        check(new Holding(id, Content.UNSEALED, true));

        assertThat(discards(id)).isZero();
        participants.speakAt("capture");
        assertThat(Scene.awaitEnd(scene.name).getString("phase")).isEqualTo("sealed");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLeftOfAFailedSnapshotIsRemoved(Content content) {
        participants.refuse("capture", BROKEN);
        String id = scene.take().getString("id");
        participants.behave();

        check(new Holding(id, content, false));

        awaitRemoved(id);
    }

    @Test
    void whatIsLeftOfADeletedSnapshotIsRemoved() {
        String id = scene.sealed().getString("id");
        Scene.delete(scene.name).statusCode(202);
        Scene.awaitGone(scene.name);

        check(new Holding(id, Content.SEALED, true));

        awaitRemoved(id);
    }

    @Test
    void whatADeletionHasNotRemovedYetIsLeftToIt() {
        String id = scene.sealed().getString("id");
        participants.refuse("discard", BROKEN);
        Scene.delete(scene.name).statusCode(202);
        Scene.awaitPhase(scene.name, "delete-failed");

        check(new Holding(id, Content.UNSEALED, true));

        assertThat(removals(id)).isZero();
    }

    @Test
    void whatNobodyKnowsIsRemovedOnceItIsAgedUnlessItIsSealed() {
        String reservation = UUID.randomUUID().toString();
        String recent = UUID.randomUUID().toString();
        String sealed = UUID.randomUUID().toString();

        List<String> told = check(
                new Holding(reservation, Content.RESERVATION, true),
                new Holding(unknown, Content.UNSEALED, true),
                new Holding(recent, Content.UNSEALED, false),
                new Holding(sealed, Content.SEALED, true));

        assertThat(told).containsExactly(sealed);
        awaitRemoved(reservation);
        awaitRemoved(unknown);
        assertThat(removals(recent)).isZero();
        assertThat(removals(sealed)).isZero();
    }

    @Test
    void anIdThatIsNoSagasIsUnknownToo() {
        check(new Holding("by-hand-" + scene.name, Content.UNSEALED, true));

        awaitRemoved("by-hand-" + scene.name);
    }

    @Test
    void anInventoryThatComesAgainBeginsNothingAnew() {
        InventoryTaken taken =
                new InventoryTaken("node-a", List.of(new Holding(unknown, Content.UNSEALED, true)), Instant.now());
        participants.tell("node-a", taken);
        participants.tell("node-a", taken);
        await().until(() -> checked(taken.at()).size() == 2);

        awaitRemoved(unknown);
        assertThat(removals(unknown)).isEqualTo(1);
    }

    @Test
    void aNodeThatCannotRemoveAnOrphanIsAskedAgainAfterItsNextInventory() {
        participants.refuse("discard", BROKEN);
        check(new Holding(unknown, Content.UNSEALED, true));
        await().until(() -> ended(unknown, "FAILED") == 1);
        participants.behave();

        check(new Holding(unknown, Content.UNSEALED, true));

        awaitRemoved(unknown);
    }

    @Test
    void anInventoryThatNoNodeTakesIsADeadLetterAndTheNextOneIsLookedThrough() {
        long before = participants.deadLetters();
        participants.tell(
                "node-a",
                new InventoryTaken("node-a", List.of(new Holding("../etc", Content.UNSEALED, true)), Instant.now()));
        await().until(() -> participants.deadLetters() > before);

        check(new Holding(unknown, Content.UNSEALED, true));

        awaitRemoved(unknown);
    }

    /** Sends an inventory of node-a and waits until it was looked through; what was unknown and sealed in it. */
    private List<String> check(Holding... holdings) {
        Instant at = Instant.now();
        participants.tell("node-a", new InventoryTaken("node-a", List.of(holdings), at));
        return await().until(() -> checked(at), all -> !all.isEmpty()).get(0).unknown();
    }

    private List<InventoryChecked> checked(Instant at) {
        return participants.milestones("node-a").stream()
                .filter(InventoryChecked.class::isInstance)
                .map(InventoryChecked.class::cast)
                .filter(checked -> checked.at().equals(at))
                .toList();
    }

    private void awaitRemoved(String id) {
        await().until(() -> ended(id, "COMPLETED") == 1);
        assertThat(participants.messagesThatName(id)).contains(new DiscardImages("node-a", id));
    }

    private long removals(String id) {
        return scene.number("select count(*) from saga where type = 'discard-orphan' and name = '" + id + "'");
    }

    private long ended(String id, String phase) {
        return scene.number("select count(*) from saga where type = 'discard-orphan' and name = '" + id
                + "' and phase = '" + phase + "'");
    }

    private long discards(String id) {
        return participants.messagesThatName(id).stream()
                .filter(DiscardImages.class::isInstance)
                .count();
    }
}
