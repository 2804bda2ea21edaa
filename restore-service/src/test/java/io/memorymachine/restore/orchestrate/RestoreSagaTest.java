package io.memorymachine.restore.orchestrate;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static io.memorymachine.restore.orchestrate.RestoreStory.BROKEN;
import static io.memorymachine.restore.orchestrate.RestoreStory.FORWARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class RestoreSagaTest {
    private static final RestoreDone DONE = new RestoreDone(HzRestore.ID.toString(), "back-to-monday");

    /** What every rollback consists of, in order. */
    static final List<String> ROLLBACK = List.of(
            "rollback-recreate",
            "rollback-materialize",
            "rollback-resolve-names",
            "rollback-release",
            "rollback-await-whole");

    private static final List<String> GIVE_BACK = List.of("return-license", "unhold-snapshot");

    /** The step that does not succeed, and what undoes it where there is a safety snapshot. */
    static Stream<Arguments> undoingWithSafetySnapshot() {
        return Stream.of(
                arguments("hold-snapshot", List.of("unhold-snapshot"), SagaPhase.FAILED),
                arguments("find-targets", List.of("unhold-snapshot"), SagaPhase.FAILED),
                arguments("authorize", GIVE_BACK, SagaPhase.FAILED),
                arguments("verify", GIVE_BACK, SagaPhase.FAILED),
                arguments(
                        "safety-snapshot",
                        join(Stream.of(List.of("discard-safety-snapshot"), GIVE_BACK)),
                        SagaPhase.FAILED),
                arguments(
                        "recreate",
                        join(Stream.of(ROLLBACK, List.of("rollback-unguard", "discard-safety-snapshot"), GIVE_BACK)),
                        SagaPhase.ROLLED_BACK),
                arguments("materialize", rollbackOfFilledPlaceholders(), SagaPhase.ROLLED_BACK),
                arguments("resolve-names", rollbackOfFilledPlaceholders(), SagaPhase.ROLLED_BACK),
                arguments("release", rollbackOfFilledPlaceholders(), SagaPhase.ROLLED_BACK),
                arguments("await-whole", rollbackOfFilledPlaceholders(), SagaPhase.ROLLED_BACK));
    }

    /** Likewise where the safety snapshot was declined. */
    static Stream<Arguments> undoingWithoutSafetySnapshot() {
        List<String> restart = join(Stream.of(List.of("abandon", "restart-members"), GIVE_BACK));
        return Stream.of(
                arguments("hold-snapshot", List.of("unhold-snapshot")),
                arguments("find-targets", List.of("unhold-snapshot")),
                arguments("authorize", GIVE_BACK),
                arguments("verify", GIVE_BACK),
                arguments("recreate", join(Stream.of(List.of("restart-members"), GIVE_BACK))),
                arguments("materialize", restart),
                arguments("resolve-names", restart),
                arguments("release", restart),
                arguments("await-whole", restart));
    }

    private static List<String> rollbackOfFilledPlaceholders() {
        return join(Stream.of(
                List.of("abandon"), ROLLBACK, List.of("rollback-unguard", "discard-safety-snapshot"), GIVE_BACK));
    }

    private static List<String> join(Stream<List<String>> parts) {
        return parts.flatMap(List::stream).toList();
    }

    @Test
    void aRestoreGoesThroughItsStepsAndTidiesUp() {
        RestoreStory story = RestoreStory.asked(true)
                .goesThrough(FORWARD.toArray(String[]::new))
                .expectEnd(SagaPhase.COMPLETED, DONE);

        RestoreData data = story.state().data();
        assertThat(data.oldMembers()).isEqualTo(HzRestore.OLD);
        assertThat(data.newMembers()).isEqualTo(HzRestore.NEW);
        assertThat(data.materialized())
                .extracting(member -> member.member().ordinal() + ":" + member.micros())
                .containsExactly("0:1000", "1:1001", "2:1002");
        assertThat(data.destroyedAt()).isEqualTo(HzRestore.DESTROYED);
        assertThat(data.releasedAt())
                .as("the last node's, whichever answers first")
                .isEqualTo(HzRestore.RELEASED_LAST);
        assertThat(data.activeAt()).isEqualTo(HzRestore.ACTIVE);
        assertThat(story.state().failure()).isNull();
    }

    @Test
    void aDeclinedSafetySnapshotIsNeitherTakenNorDeleted() {
        RestoreStory.at("tidy-up", false).succeeds().expectEnd(SagaPhase.COMPLETED, DONE);
    }

    @ParameterizedTest
    @MethodSource("undoingWithSafetySnapshot")
    void aStepThatFailsIsUndoneInOrder(String step, List<String> undoing, SagaPhase end) {
        RestoreStory.at(step, true)
                .fails()
                .goesThrough(undoing.toArray(String[]::new))
                .expectEnd(end, new CommandFailed(BROKEN, false));
    }

    @ParameterizedTest
    @MethodSource("undoingWithoutSafetySnapshot")
    void aStepThatFailsWithoutSafetySnapshotLeavesMembersStartedAfresh(String step, List<String> undoing) {
        RestoreStory.at(step, false)
                .fails()
                .goesThrough(undoing.toArray(String[]::new))
                .expectEnd(SagaPhase.FAILED, new CommandFailed(BROKEN, false));
    }

    @ParameterizedTest
    @FieldSource("ROLLBACK")
    void aRollbackThatFailsStartsTheMembersAfreshAndKeepsTheSafetySnapshot(String broken) {
        RestoreStory.at("materialize", true)
                .fails()
                .goesThrough("abandon")
                .goesThrough(ROLLBACK.subList(0, ROLLBACK.indexOf(broken)).toArray(String[]::new))
                .expect(broken)
                .fails()
                .goesThrough("restart-members", "return-license", "unhold-snapshot")
                .expectEnd(
                        SagaPhase.FAILED,
                        new CommandFailed(
                                new Failure(
                                        FailureReason.CRIU_FAILED,
                                        "it broke; undoing by " + broken + " failed: it broke"),
                                false));
    }

    @ParameterizedTest
    @MethodSource("undoingWithSafetySnapshot")
    void aRestoreCanBeCancelledUntilTheMembersAreReleased(String step, List<String> undoing, SagaPhase end) {
        RestoreStory story = RestoreStory.at(step, true).cancelled();

        if (List.of("release", "await-whole").contains(step)) {
            story.expectVerdict(Verdict.PAST_NO_RETURN);
            assertThat(story.state().step()).isEqualTo(step);
        } else {
            Failure cancelled = new Failure(FailureReason.CANCELLED, "Cancelled during step " + step);
            story.expectVerdict(Verdict.TAKEN)
                    .goesThrough(undoing.toArray(String[]::new))
                    .expectEnd(
                            end == SagaPhase.FAILED ? SagaPhase.CANCELLED : end, new CommandFailed(cancelled, false));
        }
    }

    @Test
    void aClusterThatIsBackIsNotTakenAwayBecauseTidyingUpFails() {
        RestoreStory story = RestoreStory.at("tidy-up", true);

        story.cancelled().expectVerdict(Verdict.PAST_NO_RETURN);
        story.fails().expectEnd(SagaPhase.COMPLETED, DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resolve-names", "await-whole"})
    void aDeadlineThatPassedWhileNobodyWaitedIsNoVerdict(String step) {
        RestoreStory.at(step, true)
                .wokenAfter(Duration.ofHours(1))
                .expectAttempt(step, 2)
                .succeeds();
    }

    @ParameterizedTest
    @FieldSource("io.memorymachine.restore.orchestrate.RestoreStory#FORWARD")
    void theStateSurvivesBeingStoredAtEveryStep(String step) throws JsonProcessingException {
        JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        SagaState<RestoreData> state = RestoreStory.at(step, true).state();

        SagaState<RestoreData> read = json.readValue(
                json.writeValueAsString(state),
                json.getTypeFactory().constructParametricType(SagaState.class, RestoreData.class));

        assertThat(read).isEqualTo(state);
    }
}
