package io.memorymachine.contract.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The broker of the single machine lies below this module and has a list of its own. */
class TopicsTest {
    @Test
    void theBrokerCreatesTheTopicsOfTheContract() {
        assertThat(io.memorymachine.backing.Topics.ALL).containsExactlyInAnyOrderElementsOf(Topics.ALL);
    }
}
