package io.memorymachine.testing;

import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What may happen to a saga next; {@code pick} chooses among the commands that were ever sent, the last ones first. */
public record StormEvent(Kind kind, int pick) {
    /** In which way. */
    public enum Kind {
        SUCCEEDS,
        /** A reply of a type that the command is never answered. */
        SURPRISES,
        FAILS_FOR_NOW,
        FAILS_FOR_GOOD,
        TIME_PASSES,
        DEADLINE_PASSES,
        CANCELS,
        /** The next decision is lost before it is committed. */
        DIES
    }

    /** Storms in which most commands succeed, so that sagas get far. */
    public static Arbitrary<List<StormEvent>> storms() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(60, Kind.SUCCEEDS),
                Tuple.of(4, Kind.SURPRISES),
                Tuple.of(6, Kind.FAILS_FOR_NOW),
                Tuple.of(2, Kind.FAILS_FOR_GOOD),
                Tuple.of(4, Kind.TIME_PASSES),
                Tuple.of(3, Kind.DEADLINE_PASSES),
                Tuple.of(1, Kind.CANCELS),
                Tuple.of(4, Kind.DIES));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 6))
                .as(StormEvent::new)
                .list()
                .ofMaxSize(90);
    }
}
