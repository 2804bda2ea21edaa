package io.memorymachine.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.definition.Step;
import io.memorymachine.saga.state.SagaPhase;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every saga that can be defined, whatever happens to it. */
class AnySagaProperties {
    private static final UUID ID = UUID.fromString("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");

    /** A command that says which step sent it. */
    @TypeId("any.order.v1")
    record Order(String step, String target) implements Command {}

    /** Its answer. */
    @TypeId("any.done.v1")
    record Done(String step) implements Reply {}

    /** Which steps were answered, in that order. */
    record Notes(List<String> notes) {
        Notes noting(String note) {
            List<String> longer = new ArrayList<>(notes);
            longer.add(note);
            return new Notes(List.copyOf(longer));
        }
    }

    /**
     * A step as it may be defined.
     *
     * @param targets how many commands it sends; none is a step that is passed over
     * @param undoings how it is compensated: one step with so many targets for each entry
     */
    record Shape(
            int targets,
            RetryPolicy retry,
            Duration deadline,
            boolean bestEffort,
            boolean first,
            boolean noReturn,
            boolean onlyAfterFailure,
            List<Integer> undoings) {}

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void itEndsOnceInTimeAndUndoesWhatItBegan(
            @ForAll("definitions") List<Shape> shapes, @ForAll("storms") List<StormEvent> storm) {
        StormEnd<Notes> end = SagaStorm.survive(
                define(shapes),
                ID,
                new Notes(List.of()),
                send -> new Done(send.correlation().step()),
                storm);

        if (end.state().phase() != SagaPhase.COMPLETED) {
            eachStepThatBeganIsUndoneOnce(shapes, end);
        }
    }

    private static void eachStepThatBeganIsUndoneOnce(List<Shape> shapes, StormEnd<Notes> end) {
        for (int i = 0; i < shapes.size(); i++) {
            for (int u = 0; u < shapes.get(i).undoings().size(); u++) {
                String undoing = "undo-" + i + "-" + u;
                long records = end.state().history().stream()
                        .filter(record -> record.step().equals(undoing))
                        .count();
                boolean due =
                        end.hasBegun("step-" + i) && shapes.get(i).undoings().get(u) > 0;
                assertThat(records).as(undoing).isEqualTo(due ? 1 : 0);
            }
        }
    }

    private static SagaDefinition<Notes> define(List<Shape> shapes) {
        SagaDefinition.Builder<Notes> saga = SagaDefinition.of("any", Notes.class, "any.replies");
        for (int i = 0; i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            String name = "step-" + i;
            saga = saga.step(name, step -> forward(step, name, shape));
        }
        return saga.completesWith(notes -> new Done("all"));
    }

    private static Step.Builder<Notes> forward(Step.Builder<Notes> step, String name, Shape shape) {
        step.sends(notes -> orders(name, shape.targets()))
                .on(Done.class, (notes, done) -> notes.noting(done.step()))
                .onFailure((notes, failure) -> notes.noting("failed " + name))
                .within(shape.deadline())
                .retrying(shape.retry());
        if (shape.onlyAfterFailure()) {
            step.when(notes -> notes.notes().stream().anyMatch(note -> note.startsWith("failed")));
        }
        if (shape.bestEffort()) {
            step.bestEffort();
        }
        if (shape.first()) {
            step.undoneFirst();
        }
        if (shape.noReturn()) {
            step.pointOfNoReturn();
        }
        for (int u = 0; u < shape.undoings().size(); u++) {
            String undoing = "undo-" + name.substring("step-".length()) + "-" + u;
            int targets = shape.undoings().get(u);
            boolean rollback = u == 1;
            step.undoneBy(undoing, undo -> {
                undo.sends(notes -> orders(undoing, targets))
                        .on(Done.class, (notes, done) -> notes.noting(done.step()))
                        .within(shape.deadline())
                        .retrying(shape.retry());
                return rollback ? undo.rollsBack() : undo;
            });
        }
        return step;
    }

    private static List<Dispatch> orders(String step, int targets) {
        List<Dispatch> orders = new ArrayList<>();
        for (int i = 0; i < targets; i++) {
            orders.add(new Dispatch("target-" + i, "any.commands", new Order(step, "target-" + i)));
        }
        return orders;
    }

    @Provide
    static Arbitrary<List<StormEvent>> storms() {
        return StormEvent.storms();
    }

    @Provide
    static Arbitrary<List<Shape>> definitions() {
        Arbitrary<RetryPolicy> retries = Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 40_000).map(Duration::ofMillis))
                .as(RetryPolicy::new);
        Arbitrary<Duration> deadlines =
                Arbitraries.integers().between(1, 60_000).map(Duration::ofMillis);
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(5, 1), Tuple.of(2, 2), Tuple.of(2, 4), Tuple.of(1, 0)),
                        retries,
                        deadlines,
                        rarely(),
                        rarely(),
                        rarely(),
                        rarely(),
                        Arbitraries.integers().between(0, 3).list().ofMaxSize(2))
                .as(Shape::new)
                .list()
                .ofMaxSize(6);
    }

    private static Arbitrary<Boolean> rarely() {
        return Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true));
    }
}
