package io.memorymachine.saga.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;

/**
 * The saga core: given a state and an input, decides the next state and what to send. Pure; it never fails for anything
 * that a participant does, only for broken contracts ({@link IllegalStateException}).
 *
 * <p>A step ends when all its commands are settled. The first command that fails for good fails the step at once, without
 * waiting for the others: the compensation covers all targets, and late replies are stale. Then every step that had begun
 * is undone in reverse order, those marked {@code undoneFirst} before all others. A compensation that fails for good is
 * noted, and the next one runs: undoing goes as far as it can. So it is with a forward step marked {@code bestEffort}.
 */
public final class SagaMachine<D> {
    private final SagaDefinition<D> definition;

    /** The machine of a definition. */
    public SagaMachine(SagaDefinition<D> definition) {
        this.definition = definition;
    }

    /** Enters the first step. */
    public Decision<D> start(SagaState<D> created, Instant now) {
        if (created.phase() != SagaPhase.RUNNING || !created.history().isEmpty()) {
            throw new IllegalStateException("saga " + created.id() + " was started before");
        }
        return new Move(created, now).forward(null).decide();
    }

    /**
     * Takes a reply. {@code target}, {@code step} and {@code attempt} say which command it answers. A success settles the
     * command whatever the attempt, and so does a failure for good; a failure that may pass is news of its own attempt
     * only, and stale when the next one is on its way.
     */
    public Decision<D> reply(SagaState<D> state, String step, String target, int attempt, Reply reply, Instant now) {
        Outstanding command = state.outstanding().get(target);
        if (command == null || !step.equals(state.step())) {
            return Decision.unchanged(state, Decision.Verdict.STALE);
        }
        Move move = new Move(state, now);
        if (reply instanceof CommandFailed failed) {
            if (failed.retryable() && !(command.awaitingReply() && command.attempt() == attempt)) {
                return Decision.unchanged(state, Decision.Verdict.STALE);
            }
            return move.commandFailed(command, failed.failure(), failed.retryable())
                    .decide();
        }
        if (!definition.step(step).expects(reply.getClass())) {
            return Decision.unchanged(state, Decision.Verdict.UNFIT);
        }
        return move.commandDone(target, reply).decide();
    }

    /** Sends again what is overdue, or gives it up. */
    public Decision<D> wake(SagaState<D> state, Instant now) {
        if (state.phase().terminal() || state.wakeAt() == null || state.wakeAt().isAfter(now)) {
            return Decision.unchanged(state, Decision.Verdict.STALE);
        }
        return new Move(state, now).overdue().decide();
    }

    /** Undoes everything, unless it is too late for that. */
    public Decision<D> cancel(SagaState<D> state, Instant now) {
        if (state.phase() != SagaPhase.RUNNING || definition.pastNoReturn(state.step())) {
            return Decision.unchanged(state, Decision.Verdict.PAST_NO_RETURN);
        }
        Failure cancelled = new Failure(FailureReason.CANCELLED, "Cancelled during step " + state.step());
        return new Move(state, now).undo(cancelled).decide();
    }

    /** One transition under construction. */
    private final class Move {
        private final Instant now;
        private final List<Decision.Send> sends = new ArrayList<>();
        private final List<Decision.Answer> answers = new ArrayList<>();
        private SagaState<D> state;

        Move(SagaState<D> state, Instant now) {
            this.state = state;
            this.now = now;
        }

        Decision<D> decide() {
            return new Decision<>(state, Decision.Verdict.TAKEN, List.copyOf(sends), List.copyOf(answers));
        }

        /** Enters the next forward step that has something to do, or completes. */
        Move forward(String after) {
            for (Step<D> next : definition.after(after)) {
                List<Dispatch> commands = next.commands(state.data());
                if (!commands.isEmpty()) {
                    state = state.entering(next.name(), false, List.of(), now);
                    begin(next, commands);
                    return this;
                }
            }
            state = state.ended(SagaPhase.COMPLETED, null, now);
            answer(definition.completion(state.data()));
            return this;
        }

        /** Enters the next compensating step that has something to do, or ends. */
        Move backward(List<String> plan) {
            for (int i = 0; i < plan.size(); i++) {
                Step<D> next = definition.step(plan.get(i));
                List<Dispatch> commands = next.commands(state.data());
                if (!commands.isEmpty()) {
                    state = state.entering(next.name(), true, plan.subList(i + 1, plan.size()), now);
                    begin(next, commands);
                    return this;
                }
            }
            state = state.ended(undonePhase(), undoneFailure(), now);
            answer(new CommandFailed(state.failure(), false));
            return this;
        }

        Move commandDone(String target, Reply reply) {
            Step<D> step = definition.step(state.step());
            state = state.withData(step.apply(state.data(), reply)).settled(target);
            if (!state.outstanding().isEmpty()) {
                return this;
            }
            state = state.stepEnded(now, null);
            return next(step.name());
        }

        Move commandFailed(Outstanding command, Failure failure, boolean retryable) {
            Step<D> step = definition.step(state.step());
            if (retryable && step.retry().allowsAfter(command.attempt())) {
                Instant due = now.plus(step.retry().waitAfter(command.attempt()));
                state = state.waitingFor(new Outstanding(command.target(), command.attempt(), false, due));
                return this;
            }
            return stepFailed(failure);
        }

        Move overdue() {
            Step<D> step = definition.step(state.step());
            List<Outstanding> overdue = state.outstanding().values().stream()
                    .filter(late -> !late.due().isAfter(now))
                    .toList();
            // Whether the step fails is decided before anything is sent: what is about to be undone is not begun anew.
            for (Outstanding late : overdue) {
                if (!step.retry().allowsAfter(late.attempt())) {
                    return stepFailed(new Failure(
                            FailureReason.TIMEOUT,
                            "No reply to step " + step.name() + " from " + late.target() + " within " + step.deadline()
                                    + ", attempt " + late.attempt()));
                }
            }
            Map<String, Dispatch> commands = new TreeMap<>();
            step.commands(state.data()).forEach(command -> commands.put(command.target(), command));
            for (Outstanding late : overdue) {
                Dispatch again = commands.get(late.target());
                if (again == null) {
                    throw new IllegalStateException(
                            "step " + step.name() + " no longer sends to " + late.target() + " when it is retried");
                }
                send(step, again, late.attempt() + 1);
            }
            return this;
        }

        Move stepFailed(Failure failure) {
            Step<D> step = definition.step(state.step());
            if (state.phase() == SagaPhase.RUNNING && !step.bestEffort()) {
                return undo(failure);
            }
            state = state.stepEnded(now, failure).withData(step.failed(state.data(), failure));
            return next(step.name());
        }

        Move undo(Failure failure) {
            Step<D> step = definition.step(state.step());
            state = state.stepEnded(now, failure)
                    .withData(step.failed(state.data(), failure))
                    .compensating(failure, undoing());
            return backward(state.plan());
        }

        private Move next(String ended) {
            return state.phase() == SagaPhase.COMPENSATING ? backward(state.plan()) : forward(ended);
        }

        /** The compensations of all steps that have begun: urgent ones first, then in reverse order. */
        private List<String> undoing() {
            List<String> urgent = new ArrayList<>();
            List<String> ordinary = new ArrayList<>();
            for (int i = state.history().size() - 1; i >= 0; i--) {
                Step<D> begun = definition.step(state.history().get(i).step());
                List<String> names =
                        begun.compensation().stream().map(Step::name).toList();
                (begun.compensatedFirst() ? urgent : ordinary).addAll(names);
            }
            urgent.addAll(ordinary);
            return urgent;
        }

        private SagaPhase undonePhase() {
            boolean rolledBack = state.history().stream()
                    .anyMatch(record -> record.status() == StepRecord.Status.FINISHED
                            && definition.step(record.step()).rollback());
            if (rolledBack) {
                return SagaPhase.ROLLED_BACK;
            }
            return state.failure().reason() == FailureReason.CANCELLED ? SagaPhase.CANCELLED : SagaPhase.FAILED;
        }

        /** The first failure, with what could not be undone. */
        private Failure undoneFailure() {
            StringBuilder message = new StringBuilder(state.failure().message());
            state.history().stream()
                    .filter(record -> record.compensating() && record.failure() != null)
                    .forEach(record -> message.append("; undoing by ")
                            .append(record.step())
                            .append(" failed: ")
                            .append(record.failure().message()));
            return new Failure(state.failure().reason(), message.toString());
        }

        private void begin(Step<D> step, List<Dispatch> commands) {
            for (Dispatch command : commands) {
                if (state.outstanding().containsKey(command.target())) {
                    throw new IllegalStateException(
                            "step " + step.name() + " sends two commands to " + command.target());
                }
                send(step, command, 1);
            }
        }

        private void send(Step<D> step, Dispatch command, int attempt) {
            state = state.waitingFor(new Outstanding(command.target(), attempt, true, now.plus(step.deadline())));
            Correlation correlation = new Correlation(
                    state.id().toString(),
                    step.name(),
                    state.commandKey(command.target()),
                    attempt,
                    definition.replyTopic());
            sends.add(new Decision.Send(command, correlation));
        }

        private void answer(Reply reply) {
            if (state.origin() != null) {
                answers.add(new Decision.Answer(reply, state.origin()));
            }
        }
    }
}
