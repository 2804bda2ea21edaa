package io.memorymachine.saga.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.failure.Failure;

/**
 * One step of a saga: the commands it sends, what it does with each reply, its deadline, its retries and the steps that
 * undo it. Immutable. All functions are pure: they may be called again after a crash.
 *
 * @param <D> the saga's data, an immutable record
 */
public final class Step<D> {
    private final String name;
    private final Function<D, List<Dispatch>> commands;
    private final Map<Class<? extends Reply>, BiFunction<D, Reply, D>> replies;
    private final Duration deadline;
    private final RetryPolicy retry;
    private final List<Step<D>> compensation;
    private final Predicate<D> condition;
    private final BiFunction<D, Failure, D> onFailure;
    private final boolean compensatedFirst;
    private final boolean pointOfNoReturn;
    private final boolean rollback;
    private final boolean bestEffort;

    private Step(Builder<D> built) {
        this.name = built.name;
        this.commands = Objects.requireNonNull(built.commands, () -> "step " + built.name + " sends nothing");
        this.replies = Map.copyOf(built.replies);
        this.deadline = built.deadline;
        this.retry = built.retry;
        this.compensation = List.copyOf(built.compensation);
        this.condition = built.condition;
        this.onFailure = built.onFailure;
        this.compensatedFirst = built.compensatedFirst;
        this.pointOfNoReturn = built.pointOfNoReturn;
        this.rollback = built.rollback;
        this.bestEffort = built.bestEffort;
        if (replies.isEmpty()) {
            throw new IllegalStateException("step " + name + " expects no reply");
        }
    }

    static <D> Step<D> named(String name, UnaryOperator<Builder<D>> build) {
        return new Step<>(build.apply(new Builder<>(name)));
    }

    /** Unique in the definition, compensations included; persisted. */
    public String name() {
        return name;
    }

    /** The commands for this data; none means that there is nothing to do and the step is over. */
    public List<Dispatch> commands(D data) {
        return condition.test(data) ? commands.apply(data) : List.of();
    }

    /** Whether there is anything to do for this data: a step that does not apply is passed over. */
    public boolean applies(D data) {
        return condition.test(data);
    }

    /** Whether this step waits for replies of this type. */
    public boolean expects(Class<? extends Reply> type) {
        return replies.containsKey(type);
    }

    /** The data after a reply. */
    public D apply(D data, Reply reply) {
        BiFunction<D, Reply, D> handler = replies.get(reply.getClass());
        if (handler == null) {
            throw new IllegalStateException(
                    "step " + name + " expects " + replies.keySet() + ", not " + reply.getClass());
        }
        return handler.apply(data, reply);
    }

    /** The data after this step has failed for good. */
    public D failed(D data, Failure failure) {
        return onFailure.apply(data, failure);
    }

    /** How long one attempt may take. */
    public Duration deadline() {
        return deadline;
    }

    /** How often it is tried. */
    public RetryPolicy retry() {
        return retry;
    }

    /** The steps that undo this one, in the order in which they run; empty where there is nothing to undo. */
    public List<Step<D>> compensation() {
        return compensation;
    }

    /** Whether its compensation runs before all others, whatever the order of the steps. */
    public boolean compensatedFirst() {
        return compensatedFirst;
    }

    /** Whether the saga cannot be cancelled any more once this step has begun. */
    public boolean pointOfNoReturn() {
        return pointOfNoReturn;
    }

    /** Whether the success of this compensating step makes the saga's result "rolled back". */
    public boolean rollback() {
        return rollback;
    }

    /** Whether the saga goes on when this step fails for good. */
    public boolean bestEffort() {
        return bestEffort;
    }

    /** Builds a step; each method returns the builder itself. */
    public static final class Builder<D> {
        private final String name;
        private final Map<Class<? extends Reply>, BiFunction<D, Reply, D>> replies = new LinkedHashMap<>();
        private final List<Step<D>> compensation = new ArrayList<>();
        private Function<D, List<Dispatch>> commands;
        private Duration deadline = Duration.ofSeconds(10);
        private RetryPolicy retry = new RetryPolicy(3, Duration.ofSeconds(1));
        private Predicate<D> condition = data -> true;
        private BiFunction<D, Failure, D> onFailure = (data, failure) -> data;
        private boolean compensatedFirst;
        private boolean pointOfNoReturn;
        private boolean rollback;
        private boolean bestEffort;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * The commands. They must not depend on data that this step's own replies change, since a retry computes them
         * again and finds each by its target.
         */
        public Builder<D> sends(Function<D, List<Dispatch>> commands) {
            this.commands = commands;
            return this;
        }

        /** What a successful reply does to the data. */
        public <R extends Reply> Builder<D> on(Class<R> type, BiFunction<D, R, D> handler) {
            replies.put(type, (data, reply) -> handler.apply(data, type.cast(reply)));
            return this;
        }

        /** A successful reply that changes nothing. */
        public <R extends Reply> Builder<D> on(Class<R> type) {
            return on(type, (data, reply) -> data);
        }

        /** How long one attempt may take; 10 s unless given. */
        public Builder<D> within(Duration deadline) {
            this.deadline = deadline;
            return this;
        }

        /** How often it is tried; three times from 1 s on unless given. */
        public Builder<D> retrying(RetryPolicy retry) {
            this.retry = retry;
            return this;
        }

        /** Does nothing unless the condition holds when the step is entered. */
        public Builder<D> when(Predicate<D> condition) {
            this.condition = condition;
            return this;
        }

        /** Notes a final failure in the data, for the conditions of later compensations. */
        public Builder<D> onFailure(BiFunction<D, Failure, D> onFailure) {
            this.onFailure = onFailure;
            return this;
        }

        /** Adds a step that undoes this one. */
        public Builder<D> undoneBy(String name, UnaryOperator<Builder<D>> build) {
            compensation.add(named(name, build));
            return this;
        }

        /** Undo this step before all others. */
        public Builder<D> undoneFirst() {
            this.compensatedFirst = true;
            return this;
        }

        /** From here on the saga cannot be cancelled. */
        public Builder<D> pointOfNoReturn() {
            this.pointOfNoReturn = true;
            return this;
        }

        /** The saga goes on when this step fails for good: its effect comes about by itself later, or is missed by nobody. */
        public Builder<D> bestEffort() {
            this.bestEffort = true;
            return this;
        }

        /** Success of this compensation means "rolled back". */
        public Builder<D> rollsBack() {
            this.rollback = true;
            return this;
        }
    }
}
