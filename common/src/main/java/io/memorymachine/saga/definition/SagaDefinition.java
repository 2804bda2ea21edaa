package io.memorymachine.saga.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.memorymachine.contract.envelope.Reply;

/**
 * A kind of saga: its steps in order. Immutable.
 *
 * @param <D> the saga's data, an immutable record that Jackson can write and read
 */
public final class SagaDefinition<D> {
    private final String type;
    private final Class<D> dataType;
    private final String replyTopic;
    private final List<Step<D>> steps;
    private final Map<String, Step<D>> byName;
    private final Function<D, Reply> completion;

    private SagaDefinition(Builder<D> built) {
        this.type = built.type;
        this.dataType = built.dataType;
        this.replyTopic = built.replyTopic;
        this.steps = List.copyOf(built.steps);
        this.completion = Objects.requireNonNull(built.completion, () -> "saga " + built.type + " has no completion");
        this.byName = new HashMap<>();
        steps.forEach(this::index);
    }

    private void index(Step<D> step) {
        if (byName.put(step.name(), step) != null) {
            throw new IllegalStateException("saga " + type + " has two steps named " + step.name());
        }
        step.compensation().forEach(this::index);
    }

    /**
     * Begins a definition.
     *
     * @param replyTopic where participants reply to
     */
    public static <D> Builder<D> of(String type, Class<D> dataType, String replyTopic) {
        return new Builder<>(type, dataType, replyTopic);
    }

    /** The persisted name of the kind. */
    public String type() {
        return type;
    }

    /** The class of the data. */
    public Class<D> dataType() {
        return dataType;
    }

    /** Where participants reply to. */
    public String replyTopic() {
        return replyTopic;
    }

    /** The forward steps in order. */
    public List<Step<D>> steps() {
        return steps;
    }

    /** What whoever asked for the saga by a command is answered when it has completed. */
    public Reply completion(D data) {
        return completion.apply(data);
    }

    /**
     * A forward or compensating step.
     *
     * @throws IllegalStateException if there is none: the stored saga stems from another version
     */
    public Step<D> step(String name) {
        Step<D> step = byName.get(name);
        if (step == null) {
            throw new IllegalStateException("saga " + type + " has no step " + name);
        }
        return step;
    }

    /** The forward steps that follow the named one; all of them for null. */
    public List<Step<D>> after(String name) {
        if (name == null) {
            return steps;
        }
        return steps.subList(steps.indexOf(step(name)) + 1, steps.size());
    }

    /** Whether the named step lies at or behind the point of no return. */
    public boolean pastNoReturn(String name) {
        return steps.subList(0, steps.indexOf(step(name)) + 1).stream().anyMatch(Step::pointOfNoReturn);
    }

    /** Builds a definition. */
    public static final class Builder<D> {
        private final String type;
        private final Class<D> dataType;
        private final String replyTopic;
        private final List<Step<D>> steps = new ArrayList<>();
        private Function<D, Reply> completion;

        private Builder(String type, Class<D> dataType, String replyTopic) {
            this.type = Objects.requireNonNull(type, "type");
            this.dataType = Objects.requireNonNull(dataType, "dataType");
            this.replyTopic = Objects.requireNonNull(replyTopic, "replyTopic");
        }

        /** Adds a step. */
        public Builder<D> step(String name, UnaryOperator<Step.Builder<D>> build) {
            steps.add(Step.named(name, build));
            return this;
        }

        /** Ends the definition. */
        public SagaDefinition<D> completesWith(Function<D, Reply> completion) {
            this.completion = completion;
            return new SagaDefinition<>(this);
        }
    }
}
