package io.memorymachine.contract.envelope;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The broker of the single machine lies below this module and has a list of its own. */
class TopicsTest {
    @Test
    void theBrokerCreatesTheTopicsOfTheContract() {
        assertThat(io.memorymachine.backing.Topics.ALL).containsExactlyInAnyOrderElementsOf(Topics.ALL);
    }
}
