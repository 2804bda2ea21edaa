package io.memorymachine.saga.state;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.state.Decision.Verdict;
import io.memorymachine.saga.state.Trip.Done;
import io.memorymachine.saga.state.Trip.Plan;

import static io.memorymachine.saga.definition.Dispatch.ANY;
import static io.memorymachine.saga.state.SagaScenario.failure;
import static io.memorymachine.saga.state.Trip.DEADLINE;
import static io.memorymachine.saga.state.Trip.dispatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SagaMachineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Done DONE = new Done("done");

    private static SagaScenario<Plan> trip(boolean locks, String... bags) {
        return SagaScenario.given(Trip.DEFINITION, Plan.of(locks, bags)).started();
    }

    /** A trip with one bag that has reached the named step. */
    private static SagaScenario<Plan> tripAt(String step) {
        SagaScenario<Plan> trip = trip(true, "red").expect("book", dispatch("book", ANY));
        for (String next : List.of("pack", "lock", "leave", "arrive")) {
            if (trip.state().step().equals(step)) {
                return trip;
            }
            String target = trip.state().step().equals("pack") ? "red" : ANY;
            trip.reply(target, DONE).expect(next, dispatch(next, next.equals("pack") ? "red" : ANY));
        }
        return trip;
    }

    @Nested
    class Forward {
        @Test
        void stepsFollowEachOtherUntilTheSagaCompletesAndItsOriginIsAnswered() {
            SagaScenario<Plan> trip = trip(true, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(new Done("booked"))
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .reply("blue", new Done("packed blue"))
                    .expectNothingMore()
                    .reply("red", new Done("packed red"))
                    .expect("lock", dispatch("lock", ANY))
                    .reply(new Done("locked"))
                    .expect("leave", dispatch("leave", ANY))
                    .reply(new Done("left"))
                    .expect("arrive", dispatch("arrive", ANY))
                    .reply(new Done("arrived"))
                    .expectAnswer(new Done("trip"))
                    .expectEnd(SagaPhase.COMPLETED);

            assertThat(trip.state().data().notes())
                    .containsExactly("booked", "packed blue", "packed red", "locked", "left", "arrived");
            assertThat(trip.state().failure()).isNull();
            assertThat(trip.state().history())
                    .extracting(StepRecord::step, StepRecord::status, StepRecord::attempts)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("book", StepRecord.Status.FINISHED, 1),
                            org.assertj.core.groups.Tuple.tuple("pack", StepRecord.Status.FINISHED, 1),
                            org.assertj.core.groups.Tuple.tuple("lock", StepRecord.Status.FINISHED, 1),
                            org.assertj.core.groups.Tuple.tuple("leave", StepRecord.Status.FINISHED, 1),
                            org.assertj.core.groups.Tuple.tuple("arrive", StepRecord.Status.FINISHED, 1));
        }

        @Test
        void aStepWhoseConditionDoesNotHoldIsSkippedAndLeavesNoTrace() {
            SagaScenario<Plan> trip = trip(false, "red")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"))
                    .reply("red", DONE)
                    .expect("leave", dispatch("leave", ANY));

            assertThat(trip.state().history()).extracting(StepRecord::step).doesNotContain("lock");
        }

        @Test
        void aStepThatSendsNothingIsSkipped() {
            trip(true).expect("book", dispatch("book", ANY)).reply(DONE).expect("lock", dispatch("lock", ANY));
        }

        @Test
        void aSagaWithNothingToDoCompletesAtOnce() {
            SagaDefinition<String> idle = SagaDefinition.of("idle", String.class, Trip.REPLIES)
                    .step(
                            "never",
                            s -> s.when(data -> false)
                                    .sends(data -> Dispatch.one("t", new Trip.Order("never")))
                                    .on(Done.class))
                    .completesWith(Done::new);

            SagaScenario.given(idle, "nothing")
                    .started()
                    .expectAnswer(new Done("nothing"))
                    .expectEnd(SagaPhase.COMPLETED);
        }

        @Test
        void aSagaThatNobodyAskedForByACommandAnswersNobody() {
            SagaDefinition<String> idle = SagaDefinition.of("idle", String.class, Trip.REPLIES)
                    .step(
                            "once",
                            s -> s.sends(data -> Dispatch.one("t", new Trip.Order("once")))
                                    .on(Done.class))
                    .completesWith(Done::new);

            SagaScenario.given(idle, "", null)
                    .started()
                    .expect("once", new Dispatch(ANY, "t", new Trip.Order("once")))
                    .reply(DONE)
                    .expectEnd(SagaPhase.COMPLETED);
            SagaScenario.given(idle, "", null)
                    .started()
                    .expect("once", new Dispatch(ANY, "t", new Trip.Order("once")))
                    .failsForGood(ANY)
                    .expectEnd(SagaPhase.FAILED);
        }

        @Test
        void aSagaStartsOnce() {
            SagaState<Plan> running = trip(false).state();

            assertThatIllegalStateException()
                    .isThrownBy(() -> new SagaMachine<>(Trip.DEFINITION).start(running, running.startedAt()))
                    .withMessageContaining("started before");
        }

        @Test
        void aReplyOfATypeThatTheStepDoesNotExpectChangesNothing() {
            tripAt("book")
                    .reply(new Trip.Surprise())
                    .expectVerdict(Verdict.UNFIT)
                    .expectNothingMore();
        }

        @Test
        void twoCommandsToOneTargetAreABrokenContract() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> trip(false, "red", "red")
                            .expect("book", dispatch("book", ANY))
                            .reply(DONE))
                    .withMessage("step pack sends two commands to red");
        }
    }

    @Nested
    class Retries {
        @Test
        void aFailureThatMayPassIsFollowedByTheNextAttemptAfterADoublingWait() {
            SagaScenario<Plan> trip = tripAt("book")
                    .failsForNow(ANY)
                    .expectNothingMore()
                    .wokenAfter(SECOND.minusMillis(1))
                    .expectVerdict(Verdict.STALE)
                    .wokenAfter(Duration.ofMillis(1))
                    .expectAttempt(2, "book", dispatch("book", ANY))
                    .failsForNow(ANY)
                    .wokenAfter(SECOND.multipliedBy(2).minusMillis(1))
                    .expectVerdict(Verdict.STALE)
                    .wokenAfter(Duration.ofMillis(1))
                    .expectAttempt(3, "book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"));

            assertThat(trip.state().history().get(0).attempts()).isEqualTo(3);
        }

        @Test
        void theFailureOfTheLastAttemptFailsTheStep() {
            tripAt("book")
                    .failsForNow(ANY)
                    .wokenAfter(SECOND)
                    .expectAttempt(2, "book", dispatch("book", ANY))
                    .failsForNow(ANY)
                    .wokenAfter(SECOND.multipliedBy(2))
                    .expectAttempt(3, "book", dispatch("book", ANY))
                    .failsForNow(ANY)
                    .expect("unbook", dispatch("unbook", ANY))
                    .expectPhase(SagaPhase.COMPENSATING);
        }

        @Test
        void aFailureForGoodFailsTheStepWithoutAnotherAttempt() {
            tripAt("book").failsForGood(ANY).expect("unbook", dispatch("unbook", ANY));
        }

        @Test
        void onlyTheTargetThatFailedIsSentAgain() {
            trip(false, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .failsForNow("blue")
                    .wokenAfter(SECOND)
                    .expectAttempt(2, "pack", dispatch("pack", "blue"))
                    .reply("blue", DONE)
                    .reply("red", DONE)
                    .expect("leave", dispatch("leave", ANY));
        }

        @Test
        void waitsDoubleUpToTheLongest() {
            RetryPolicy policy = new RetryPolicy(20, Duration.ofSeconds(4));

            assertThat(List.of(policy.waitAfter(1), policy.waitAfter(2), policy.waitAfter(3), policy.waitAfter(4)))
                    .containsExactly(
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(8),
                            Duration.ofSeconds(16),
                            RetryPolicy.LONGEST_BACKOFF);
            assertThat(policy.waitAfter(19)).isEqualTo(RetryPolicy.LONGEST_BACKOFF);
        }
    }

    @Nested
    class Deadlines {
        @Test
        void anOverdueCommandIsSentAgain() {
            tripAt("book")
                    .wokenAfter(DEADLINE.minusMillis(1))
                    .expectVerdict(Verdict.STALE)
                    .wokenAfter(Duration.ofMillis(1))
                    .expectAttempt(2, "book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"));
        }

        @Test
        void silenceAfterTheLastAttemptFailsTheStepAsATimeout() {
            SagaScenario<Plan> trip = tripAt("lock")
                    .wokenAfter(DEADLINE)
                    .expectAttempt(2, "lock", dispatch("lock", ANY))
                    .wokenAfter(DEADLINE)
                    .expect("unlock", dispatch("unlock", ANY));

            assertThat(trip.state().failure())
                    .isEqualTo(new Failure(
                            FailureReason.TIMEOUT, "No reply to step lock from any within PT10S, attempt 2"));
        }

        @Test
        void aStepThatFailsByADeadlineSendsNothingAgain() {
            // "red" is overdue for the first time, "blue" for the last.
            trip(false, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .failsForNow("blue")
                    .wokenAfter(SECOND)
                    .expectAttempt(2, "pack", dispatch("pack", "blue"))
                    .wokenAfter(DEADLINE)
                    .expect("unpack", dispatch("unpack", "red"), dispatch("unpack", "blue"));
        }

        @Test
        void aSagaWakesAtTheEarliestDueTime() {
            SagaScenario<Plan> trip = trip(false, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .failsForNow("blue");

            assertThat(trip.state().wakeAt()).isEqualTo(trip.now().plus(SECOND));
            assertThat(trip.state().outstanding())
                    .isEqualTo(Map.of(
                            "red", new Outstanding("red", 1, true, trip.now().plus(DEADLINE)),
                            "blue", new Outstanding("blue", 1, false, trip.now().plus(SECOND))));
        }

        @Test
        void aLateSuccessCountsWhateverTheAttempt() {
            tripAt("book")
                    .wokenAfter(DEADLINE)
                    .expectAttempt(2, "book", dispatch("book", ANY))
                    .reply("book", ANY, 1, DONE)
                    .expect("pack", dispatch("pack", "red"))
                    .reply("book", ANY, 2, DONE)
                    .expectVerdict(Verdict.STALE);
        }
    }

    @Nested
    class StaleReplies {
        @Test
        void aReplyToASettledCommandChangesNothing() {
            trip(false, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .reply("red", DONE)
                    .expectVerdict(Verdict.TAKEN)
                    .reply("pack", "red", 1, DONE)
                    .expectVerdict(Verdict.STALE)
                    .reply("pack", "red", 1, new CommandFailed(failure(), false))
                    .expectVerdict(Verdict.STALE)
                    .expectPhase(SagaPhase.RUNNING);
        }

        @ParameterizedTest
        @CsvSource({"book,any", "pack,green", "lock,any", "unbook,any", "unheard-of,any"})
        void aReplyToAnotherStepOrTargetChangesNothing(String step, String target) {
            trip(false, "red")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"))
                    .reply(step, target, 1, DONE)
                    .expectVerdict(Verdict.STALE);
        }

        @Test
        void aRepeatedFailureThatMayPassDoesNotUseUpTheNextAttempt() {
            CommandFailed failed = new CommandFailed(failure(), true);
            tripAt("lock")
                    .reply("lock", ANY, 1, failed)
                    .expectVerdict(Verdict.TAKEN)
                    .reply("lock", ANY, 1, failed)
                    .expectVerdict(Verdict.STALE)
                    .wokenAfter(SECOND)
                    .expectAttempt(2, "lock", dispatch("lock", ANY))
                    .reply("lock", ANY, 1, failed)
                    .expectVerdict(Verdict.STALE)
                    .reply("lock", ANY, 2, DONE)
                    .expect("leave", dispatch("leave", ANY));
        }

        @Test
        void aRepeatedFailureDoesNotPutOffTheNextAttempt() {
            SagaScenario<Plan> trip = tripAt("lock").failsForNow(ANY);
            var due = trip.state().wakeAt();

            trip.wokenAfter(SECOND.dividedBy(2))
                    .reply("lock", ANY, 1, new CommandFailed(failure(), true))
                    .expectVerdict(Verdict.STALE);

            assertThat(trip.state().wakeAt()).isEqualTo(due);
        }

        @Test
        void aFailureForGoodOfAnEarlierAttemptCounts() {
            tripAt("lock")
                    .wokenAfter(DEADLINE)
                    .expectAttempt(2, "lock", dispatch("lock", ANY))
                    .reply("lock", ANY, 1, new CommandFailed(failure(), false))
                    .expect("unlock", dispatch("unlock", ANY));
        }

        @Test
        void theRepliesOfTheOtherTargetsOfAFailedStepAreStale() {
            trip(false, "red", "blue")
                    .expect("book", dispatch("book", ANY))
                    .reply(DONE)
                    .expect("pack", dispatch("pack", "red"), dispatch("pack", "blue"))
                    .failsForGood("red")
                    .expect("unpack", dispatch("unpack", "red"), dispatch("unpack", "blue"))
                    .reply("pack", "blue", 1, DONE)
                    .expectVerdict(Verdict.STALE);
        }

        @Test
        void nothingMovesASagaThatHasEnded() {
            SagaScenario<Plan> ended = tripAt("arrive").reply(DONE).expectAnswer(new Done("trip"));

            ended.reply("arrive", ANY, 1, DONE)
                    .expectVerdict(Verdict.STALE)
                    .wokenAfter(Duration.ofDays(1))
                    .expectVerdict(Verdict.STALE)
                    .cancelled()
                    .expectVerdict(Verdict.PAST_NO_RETURN)
                    .expectPhase(SagaPhase.COMPLETED);
        }
    }

    @Nested
    class Compensation {
        @Test
        void whatHasBegunIsUndoneInReverseOrderTheUrgentFirst() {
            // "lock" is undone first although "leave" began after it.
            SagaScenario<Plan> trip = tripAt("arrive")
                    .failsForGood(ANY)
                    .expect("unlock", dispatch("unlock", ANY))
                    .expectPhase(SagaPhase.COMPENSATING)
                    .reply(DONE)
                    .expect("turn-back", dispatch("turn-back", ANY))
                    .failsForGood(ANY)
                    .expect("apologise", dispatch("apologise", ANY))
                    .reply(DONE)
                    .expect("unpack", dispatch("unpack", "red"))
                    .reply("red", DONE)
                    .expect("tidy", dispatch("tidy", ANY))
                    .reply(DONE)
                    .expect("unbook", dispatch("unbook", ANY))
                    .reply(DONE);

            Failure told = new Failure(FailureReason.CRIU_FAILED, "it broke; undoing by turn-back failed: it broke");
            trip.expectAnswer(new CommandFailed(told, false)).expectEnd(SagaPhase.FAILED);
            assertThat(trip.state().failure()).isEqualTo(told);
        }

        @Test
        void aStepThatNeverBeganIsNotUndone() {
            trip(false, "red")
                    .expect("book", dispatch("book", ANY))
                    .failsForGood(ANY)
                    .expect("unbook", dispatch("unbook", ANY))
                    .reply(DONE)
                    .expectAnswer(new CommandFailed(failure(), false))
                    .expectEnd(SagaPhase.FAILED);
        }

        @Test
        void aCompensationThatRollsBackMakesTheResultRolledBack() {
            tripAt("arrive")
                    .failsForGood(ANY)
                    .expect("unlock", dispatch("unlock", ANY))
                    .reply(DONE)
                    .expect("turn-back", dispatch("turn-back", ANY))
                    // The condition of "apologise" reads what "turn-back" has noted.
                    .reply(new Done("turn-back"))
                    .expect("unpack", dispatch("unpack", "red"))
                    .reply("red", DONE)
                    .expect("tidy", dispatch("tidy", ANY))
                    .reply(DONE)
                    .expect("unbook", dispatch("unbook", ANY))
                    .reply(DONE)
                    .expectAnswer(new CommandFailed(failure(), false))
                    .expectEnd(SagaPhase.ROLLED_BACK);
        }

        @Test
        void aCompensationIsTriedAgainAndGivenUpAfterItsLastAttempt() {
            SagaScenario<Plan> trip = tripAt("lock")
                    .failsForGood(ANY)
                    .expect("unlock", dispatch("unlock", ANY))
                    .failsForNow(ANY)
                    .wokenAfter(SECOND)
                    .expectAttempt(2, "unlock", dispatch("unlock", ANY))
                    .wokenAfter(DEADLINE)
                    .expect("unpack", dispatch("unpack", "red"))
                    .reply("red", DONE)
                    .expect("tidy", dispatch("tidy", ANY))
                    .reply(DONE)
                    .expect("unbook", dispatch("unbook", ANY))
                    .reply(DONE);

            trip.expectAnswer(new CommandFailed(
                            new Failure(
                                    FailureReason.CRIU_FAILED,
                                    "it broke; undoing by unlock failed:"
                                            + " No reply to step unlock from any within PT10S, attempt 2"),
                            false))
                    .expectEnd(SagaPhase.FAILED);
        }

        @Test
        void aFailureIsNotedInTheDataOfTheStepThatAsksForIt() {
            SagaScenario<Plan> trip = tripAt("leave").failsForGood(ANY).expect("unlock", dispatch("unlock", ANY));

            assertThat(trip.state().data().notes()).endsWith("failed with CRIU_FAILED");
        }

        @Test
        void theHistoryTellsWhatFailedAndWhatUndid() {
            SagaScenario<Plan> trip = tripAt("pack").failsForGood("red").expect("unpack", dispatch("unpack", "red"));

            assertThat(trip.state().history())
                    .containsExactly(
                            new StepRecord("book", false, StepRecord.Status.FINISHED, trip.now(), trip.now(), 1, null),
                            new StepRecord(
                                    "pack", false, StepRecord.Status.FAILED, trip.now(), trip.now(), 1, failure()),
                            new StepRecord("unpack", true, StepRecord.Status.STARTED, trip.now(), null, 1, null));
        }
    }

    @Nested
    class BestEffort {
        private static final SagaDefinition<Plan> PARTING = SagaDefinition.of("parting", Plan.class, Trip.REPLIES)
                .step(
                        "wave",
                        s -> s.sends(plan -> List.of(dispatch("wave", ANY)))
                                .on(Done.class, Plan::noting)
                                .retrying(RetryPolicy.NONE)
                                .onFailure(Plan::noting)
                                .bestEffort()
                                .undoneBy(
                                        "hide",
                                        u -> u.sends(plan -> List.of(dispatch("hide", ANY)))
                                                .on(Done.class)))
                .step(
                        "go",
                        s -> s.sends(plan -> List.of(dispatch("go", ANY)))
                                .on(Done.class)
                                .retrying(RetryPolicy.NONE))
                .completesWith(plan -> new Done("parting"));

        @Test
        void theSagaGoesOnWhenAStepFailsThatNeedNotSucceed() {
            SagaScenario<Plan> parting = SagaScenario.given(PARTING, Plan.of(false))
                    .started()
                    .expect("wave", dispatch("wave", ANY))
                    .failsForGood(ANY)
                    .expect("go", dispatch("go", ANY))
                    .expectPhase(SagaPhase.RUNNING);

            assertThat(parting.state().failure()).isNull();
            assertThat(parting.state().data().notes()).containsExactly("failed with CRIU_FAILED");
            assertThat(parting.state().history().get(0).failure()).isEqualTo(failure());
            parting.reply(DONE).expectAnswer(new Done("parting")).expectEnd(SagaPhase.COMPLETED);
        }

        @Test
        void itIsUndoneLikeEveryStepThatBegan() {
            SagaScenario.given(PARTING, Plan.of(false))
                    .started()
                    .expect("wave", dispatch("wave", ANY))
                    .failsForGood(ANY)
                    .expect("go", dispatch("go", ANY))
                    .failsForGood(ANY)
                    .expect("hide", dispatch("hide", ANY))
                    .reply(DONE)
                    .expectAnswer(new CommandFailed(failure(), false))
                    .expectEnd(SagaPhase.FAILED);
        }

        @Test
        void cancellingItUndoes() {
            SagaScenario.given(PARTING, Plan.of(false))
                    .started()
                    .expect("wave", dispatch("wave", ANY))
                    .cancelled()
                    .expect("hide", dispatch("hide", ANY))
                    .expectPhase(SagaPhase.COMPENSATING);
        }
    }

    @Nested
    class Cancelling {
        @ParameterizedTest
        @CsvSource({"book,unbook,any", "pack,unpack,red", "lock,unlock,any"})
        void beforeThePointOfNoReturnEverythingIsUndone(String step, String undoing, String target) {
            SagaScenario<Plan> trip = tripAt(step)
                    .cancelled()
                    .expectVerdict(Verdict.TAKEN)
                    .expect(undoing, dispatch(undoing, target))
                    .expectPhase(SagaPhase.COMPENSATING);

            assertThat(trip.state().failure())
                    .isEqualTo(new Failure(FailureReason.CANCELLED, "Cancelled during step " + step));
        }

        @Test
        void aCancelledSagaEndsAsCancelled() {
            tripAt("book")
                    .cancelled()
                    .expect("unbook", dispatch("unbook", ANY))
                    .reply(DONE)
                    .expectAnswer(new CommandFailed(
                            new Failure(FailureReason.CANCELLED, "Cancelled during step book"), false))
                    .expectEnd(SagaPhase.CANCELLED);
        }

        @ParameterizedTest
        @CsvSource({"leave", "arrive"})
        void afterThePointOfNoReturnItIsTooLate(String step) {
            tripAt(step).cancelled().expectVerdict(Verdict.PAST_NO_RETURN).expectPhase(SagaPhase.RUNNING);
        }

        @Test
        void aSagaThatIsBeingUndoneIsNotCancelled() {
            tripAt("book")
                    .failsForGood(ANY)
                    .expect("unbook", dispatch("unbook", ANY))
                    .cancelled()
                    .expectVerdict(Verdict.PAST_NO_RETURN)
                    .reply(DONE)
                    .expectAnswer(new CommandFailed(failure(), false))
                    .expectEnd(SagaPhase.FAILED);
        }

        @Test
        void theReplyThatCrossesTheCancellationIsStale() {
            tripAt("lock")
                    .cancelled()
                    .expect("unlock", dispatch("unlock", ANY))
                    .reply("lock", ANY, 1, DONE)
                    .expectVerdict(Verdict.STALE)
                    .expectPhase(SagaPhase.COMPENSATING);
        }
    }
}
