package io.memorymachine.saga.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.failure.Failure;
import io.memorymachine.saga.definition.Dispatch;
import io.memorymachine.saga.definition.RetryPolicy;
import io.memorymachine.saga.definition.SagaDefinition;

/** A saga that has everything a definition can have: fan-out, conditions, urgent compensation, rollback, no return. */
final class Trip {
    static final String REPLIES = "trip.replies";
    static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ofSeconds(1));
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /**
     * <pre>
     * book        undone by unbook
     * pack        to every bag; undone by unpack (every bag), then tidy
     * lock        if the house is locked; undone first, by unlock
     * leave       point of no return; undone by turn-back (means "rolled back"), then apologise unless turned back
     * arrive      nothing to undo; one attempt
     * </pre>
     */
    static final SagaDefinition<Plan> DEFINITION = SagaDefinition.of("trip", Plan.class, REPLIES)
            .step(
                    "book",
                    s -> s.sends(plan -> one("book"))
                            .on(Done.class, Plan::noting)
                            .within(DEADLINE)
                            .retrying(new RetryPolicy(3, Duration.ofSeconds(1)))
                            .undoneBy(
                                    "unbook",
                                    u -> u.sends(plan -> one("unbook"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE)))
            .step(
                    "pack",
                    s -> s.sends(plan -> each(plan, "pack"))
                            .on(Done.class, Plan::noting)
                            .within(DEADLINE)
                            .retrying(TWICE)
                            .undoneBy(
                                    "unpack",
                                    u -> u.sends(plan -> each(plan, "unpack"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE))
                            .undoneBy(
                                    "tidy",
                                    u -> u.sends(plan -> one("tidy"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE)))
            .step(
                    "lock",
                    s -> s.when(Plan::locks)
                            .sends(plan -> one("lock"))
                            .on(Done.class, Plan::noting)
                            .within(DEADLINE)
                            .retrying(TWICE)
                            .undoneFirst()
                            .undoneBy(
                                    "unlock",
                                    u -> u.sends(plan -> one("unlock"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE)))
            .step(
                    "leave",
                    s -> s.pointOfNoReturn()
                            .sends(plan -> one("leave"))
                            .on(Done.class, Plan::noting)
                            .within(DEADLINE)
                            .retrying(TWICE)
                            .onFailure(Plan::noting)
                            .undoneBy(
                                    "turn-back",
                                    u -> u.rollsBack()
                                            .sends(plan -> one("turn-back"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE))
                            .undoneBy(
                                    "apologise",
                                    u -> u.when(plan -> !plan.notes().contains("turn-back"))
                                            .sends(plan -> one("apologise"))
                                            .on(Done.class, Plan::noting)
                                            .within(DEADLINE)
                                            .retrying(TWICE)))
            .step(
                    "arrive",
                    s -> s.sends(plan -> one("arrive"))
                            .on(Done.class, Plan::noting)
                            .within(DEADLINE)
                            .retrying(RetryPolicy.NONE))
            .completesWith(plan -> new Done("trip"));

    private Trip() {}

    /** What is ordered. */
    @TypeId("trip.order.v1")
    record Order(String what) implements Command {}

    /** The order was carried out. */
    @TypeId("trip.done.v1")
    record Done(String what) implements Reply {}

    /** A reply that no step expects. */
    @TypeId("trip.surprise.v1")
    record Surprise() implements Reply {}

    /** The saga's data. */
    record Plan(List<String> bags, boolean locks, List<String> notes) {
        static Plan of(boolean locks, String... bags) {
            return new Plan(List.of(bags), locks, List.of());
        }

        Plan noting(Done done) {
            return noting(done.what());
        }

        Plan noting(Failure failure) {
            return noting("failed with " + failure.reason());
        }

        private Plan noting(String note) {
            List<String> longer = new ArrayList<>(notes);
            longer.add(note);
            return new Plan(bags, locks, List.copyOf(longer));
        }
    }

    static Dispatch dispatch(String step, String target) {
        return new Dispatch(target, step + ".commands", new Order(step + " " + target));
    }

    private static List<Dispatch> one(String step) {
        return List.of(dispatch(step, Dispatch.ANY));
    }

    private static List<Dispatch> each(Plan plan, String step) {
        return plan.bags().stream().map(bag -> dispatch(step, bag)).toList();
    }
}
