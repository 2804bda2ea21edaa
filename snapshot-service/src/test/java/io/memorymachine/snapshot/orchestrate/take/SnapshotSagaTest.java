package io.memorymachine.snapshot.orchestrate.take;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotTaken;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.testing.SagaStory;

import static io.memorymachine.testing.SagaStory.BROKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SnapshotSagaTest {
    private static final List<String> FORWARD = List.of(
            "find-members",
            "authorize",
            "reserve",
            "prepare",
            "guard",
            "quiesce",
            "capture",
            "resume",
            "seal",
            "return-license-at-end");
    private static final List<String> PAUSE = List.of("guard", "quiesce", "resume");
    private static final List<String> UNDO_ALL = List.of("resume-first", "abandon", "discard", "return-license");

    /** Each step that can fail the snapshot, and what undoes it, the resume before all else. */
    static Stream<Arguments> undoing() {
        return Stream.of(
                arguments("find-members", List.of()),
                arguments("authorize", List.of("return-license")),
                arguments("reserve", List.of("discard", "return-license")),
                arguments("prepare", List.of("discard", "return-license")),
                arguments("guard", List.of("discard", "return-license")),
                arguments("quiesce", List.of("resume-first", "discard", "return-license")),
                arguments("capture", UNDO_ALL),
                arguments("resume", UNDO_ALL),
                arguments("seal", UNDO_ALL));
    }

    static Stream<Arguments> undoingWithoutPause() {
        return undoing()
                .map(Arguments::get)
                .filter(step -> !PAUSE.contains(step[0]))
                .map(step -> {
                    List<Object> left = new ArrayList<>((List<?>) step[1]);
                    left.remove("resume-first");
                    return arguments(step[0], left);
                });
    }

    private static SagaStory<SnapshotData> asked(boolean pause) {
        HzSnapshot script = new HzSnapshot(pause);
        return SagaStory.begin(SnapshotSaga.definition(), HzSnapshot.ID, "monday", script.asked(), script::exchanges);
    }

    /** A snapshot that has reached a forward step and has sent its commands. */
    private static SagaStory<SnapshotData> at(String step, boolean pause) {
        SagaStory<SnapshotData> story = asked(pause);
        FORWARD.subList(0, FORWARD.indexOf(step)).stream()
                .filter(passed -> pause || !PAUSE.contains(passed))
                .forEach(story::goesThrough);
        return story.expect(step);
    }

    private static SagaStory<SnapshotData> at(String step) {
        return at(step, true);
    }

    private static String[] steps(List<?> names) {
        return names.toArray(String[]::new);
    }

    @Test
    void aSnapshotGoesThroughItsStepsAndIsSealed() {
        SagaStory<SnapshotData> story = asked(true)
                .goesThrough(steps(FORWARD))
                .expectEnd(SagaPhase.COMPLETED, new SnapshotTaken(new HzSnapshot(true).manifest()));

        SnapshotData data = story.state().data();
        assertThat(data.pausedMicros()).isEqualTo(450_000);
        assertThat(data.quiescedAt()).isEqualTo(HzSnapshot.QUIESCED);
        assertThat(data.mode()).isEqualTo(CaptureMode.CLONE);
        assertThat(data.captured())
                .as("in the order of the members, whichever node answers first")
                .isEqualTo(HzSnapshot.MEMBERS.stream().map(HzSnapshot::captured).toList());
        assertThat(story.state().failure()).isNull();
    }

    @Test
    void withoutPauseTheClusterIsNeverTouched() {
        asked(false)
                .goesThrough("find-members", "authorize", "reserve", "prepare", "capture", "seal")
                .goesThrough("return-license-at-end")
                .expectEnd(SagaPhase.COMPLETED, new SnapshotTaken(new HzSnapshot(false).manifest()));
    }

    @ParameterizedTest
    @MethodSource("undoing")
    void aStepThatFailsIsUndoneWithTheResumeFirst(String step, List<String> undoing) {
        at(step).fails().goesThrough(steps(undoing)).expectEnd(SagaPhase.FAILED, new CommandFailed(BROKEN, false));
    }

    @ParameterizedTest
    @MethodSource("undoingWithoutPause")
    void aStepThatFailsWithoutPauseIsUndoneWithoutResume(String step, List<?> undoing) {
        at(step, false)
                .fails()
                .goesThrough(steps(undoing))
                .expectEnd(SagaPhase.FAILED, new CommandFailed(BROKEN, false));
    }

    @ParameterizedTest
    @MethodSource("undoing")
    void aSnapshotCanBeCancelledAtEveryStep(String step, List<String> undoing) {
        Failure cancelled = new Failure(FailureReason.CANCELLED, "Cancelled during step " + step);

        at(step).cancelled()
                .expectVerdict(Verdict.TAKEN)
                .goesThrough(steps(undoing))
                .expectEnd(SagaPhase.CANCELLED, new CommandFailed(cancelled, false))
                .cancelled()
                .expectVerdict(Verdict.PAST_NO_RETURN);
    }

    @Test
    void whatIsBeingUndoneCannotBeCancelled() {
        at("capture")
                .fails()
                .expect("resume-first")
                .cancelled()
                .expectVerdict(Verdict.PAST_NO_RETURN)
                .expectWaitingIn("resume-first");
    }

    @Test
    void aCaptureWithoutAnAnswerIsGivenUpAndNotTriedAgain() {
        Failure late =
                new Failure(FailureReason.TIMEOUT, "No reply to step capture from node-a within PT1M, attempt 1");

        at("capture")
                .wokenAfter(Duration.ofSeconds(60))
                .goesThrough(steps(UNDO_ALL))
                .expectEnd(SagaPhase.FAILED, new CommandFailed(late, false));
    }

    @Test
    void aCaptureThatOutlivedItsLeaseIsThrownAway() {
        Failure expired = new Failure(FailureReason.QUIESCE_LEASE_EXPIRED, "passive until 10:00:40");

        at("resume")
                .fails(expired)
                .goesThrough(steps(UNDO_ALL))
                .expectEnd(SagaPhase.FAILED, new CommandFailed(expired, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiesce", "capture"})
    void whatFailsForNowWhileClientsWaitIsNotTriedAgain(String step) {
        at(step).failsForNow().expect("resume-first");
    }

    @Test
    void aResumeThatFailsForNowIsTriedAgain() {
        SagaStory<SnapshotData> story = at("resume");
        for (int attempt = 1; attempt < 5; attempt++) {
            story.failsForNow()
                    .expectWaitingIn("resume")
                    .wokenAfter(Duration.ofSeconds(5))
                    .expectAttempt("resume", attempt + 1);
        }
        story.succeeds().expect("seal");
    }

    @Test
    void theResumeThatUndoesIsTriedForMinutesBeforeAnythingElseIsUndone() {
        SagaStory<SnapshotData> story = at("seal").fails().expect("resume-first");
        for (int attempt = 1; attempt < 20; attempt++) {
            story.failsForNow().wokenAfter(Duration.ofSeconds(30)).expectAttempt("resume-first", attempt + 1);
        }
        story.failsForNow()
                .goesThrough("abandon", "discard", "return-license")
                .expectEnd(
                        SagaPhase.FAILED,
                        new CommandFailed(
                                new Failure(
                                        FailureReason.CRIU_FAILED,
                                        "it broke; undoing by resume-first failed: it broke"),
                                false));
    }

    @Test
    void aStepEndsWhenTheLastNodeHasAnswered() {
        at("reserve")
                .succeeds("node-b")
                .expectWaitingIn("reserve")
                .succeeds("node-a")
                .expect("prepare");
    }

    @Test
    void oneNodeThatFailsFailsTheStepAtOnceForAllNodes() {
        at("capture")
                .answered("node-b", new CommandFailed(BROKEN, false))
                .expect("resume-first")
                .answeredLate("capture", "node-a")
                .expectVerdict(Verdict.STALE)
                .succeeds()
                .goesThrough("abandon", "discard", "return-license")
                .expectEnd(SagaPhase.FAILED, new CommandFailed(BROKEN, false));
    }

    @Test
    void onlyTheNodeThatIsSilentIsAskedAgain() {
        at("reserve")
                .succeeds("node-a")
                .wokenAfter(Duration.ofSeconds(10))
                .expectAttempt("reserve", 2, "node-b")
                .succeeds("node-b")
                .expect("prepare");
    }

    @ParameterizedTest
    @MethodSource("undoing")
    void aReplyThatComesAfterItsStepChangesNothing(String step, List<String> undoing) {
        String next = FORWARD.get(FORWARD.indexOf(step) + 1);
        String target = new HzSnapshot(true).exchanges(step).get(0).dispatch().target();

        at(next).answeredLate(step, target).expectVerdict(Verdict.STALE).expectWaitingIn(next);
    }

    @Test
    void oneNodeThatCannotCloneMakesTheSnapshotAFullOne() {
        SagaStory<SnapshotData> story = at("reserve");

        story.answered("node-a", new SpaceReserved("node-a", HzSnapshot.ID.toString(), 5000, CaptureMode.FULL))
                .succeeds("node-b");

        assertThat(story.state().data().mode()).isEqualTo(CaptureMode.FULL);
    }

    @Test
    void aSealedSnapshotIsKeptThoughTheLicenceCannotBeReturned() {
        at("return-license-at-end")
                .fails()
                .expectEnd(SagaPhase.COMPLETED, new SnapshotTaken(new HzSnapshot(true).manifest()));
    }

    @ParameterizedTest
    @FieldSource("FORWARD")
    void theStateSurvivesBeingStoredAtEveryStep(String step) throws JsonProcessingException {
        JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        SagaState<SnapshotData> state = at(step).state();

        SagaState<SnapshotData> read = json.readValue(
                json.writeValueAsString(state),
                json.getTypeFactory().constructParametricType(SagaState.class, SnapshotData.class));

        assertThat(read).isEqualTo(state);
    }

    @Test
    void whatWasStoredBeforeImagesCouldBeEncryptedIsNotEncrypted() throws JsonProcessingException {
        JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        SnapshotData data = at("seal").state().data();
        assertThat(data.encrypted()).isTrue();
        ObjectNode older = json.valueToTree(data);
        older.remove("encrypted");

        SnapshotData read = json.treeToValue(older, SnapshotData.class);

        assertThat(read.encrypted()).isFalse();
        assertThat(read.images()).isEqualTo(data.images());
        assertThat(read.members()).isEqualTo(data.members());
    }
}
