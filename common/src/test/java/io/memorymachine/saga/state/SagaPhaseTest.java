package io.memorymachine.saga.state;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.memorymachine.saga.state.SagaPhase.CANCELLED;
import static io.memorymachine.saga.state.SagaPhase.COMPENSATING;
import static io.memorymachine.saga.state.SagaPhase.COMPLETED;
import static io.memorymachine.saga.state.SagaPhase.FAILED;
import static io.memorymachine.saga.state.SagaPhase.ROLLED_BACK;
import static io.memorymachine.saga.state.SagaPhase.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SagaPhaseTest {
    private record Pair(SagaPhase from, SagaPhase to) {}

    private static final Set<Pair> LEGAL = Set.of(
            new Pair(RUNNING, COMPENSATING),
            new Pair(RUNNING, COMPLETED),
            new Pair(COMPENSATING, FAILED),
            new Pair(COMPENSATING, CANCELLED),
            new Pair(COMPENSATING, ROLLED_BACK));

    @ParameterizedTest
    @MethodSource("pairs")
    void onlyTheLegalTransitionsAreAllowed(SagaPhase from, SagaPhase to) {
        if (LEGAL.contains(new Pair(from, to))) {
            assertThat(from.to(to)).isEqualTo(to);
        } else {
            assertThatIllegalStateException()
                    .isThrownBy(() -> from.to(to))
                    .withMessage("a saga cannot go from " + from + " to " + to);
        }
    }

    @ParameterizedTest
    @EnumSource(SagaPhase.class)
    void aPhaseIsTerminalIfNothingMayFollow(SagaPhase phase) {
        assertThat(phase.terminal()).isEqualTo(LEGAL.stream().noneMatch(pair -> pair.from() == phase));
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(SagaPhase.values())
                .flatMap(from -> Arrays.stream(SagaPhase.values()).map(to -> Arguments.of(from, to)));
    }
}
