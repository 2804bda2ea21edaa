package io.memorymachine.local.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataSetTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 1024})
    void valuesHaveTheLengthThatWasAskedFor(int length) {
        assertThat(new DataSet(1, 10, length).value(3)).hasSize(length);
    }

    @Test
    void aValueFollowsFromSeedAndKey() {
        DataSet data = new DataSet(1, 10, 32);

        assertThat(data.value(3)).isEqualTo(new DataSet(1, 10, 32).value(3));
        assertThat(data.value(3)).isNotEqualTo(data.value(4));
        assertThat(data.value(3)).isNotEqualTo(new DataSet(2, 10, 32).value(3));
    }

    @Test
    void anEmptyDataSetIsRefused() {
        assertThatThrownBy(() -> new DataSet(1, 0, 32)).isInstanceOf(IllegalArgumentException.class);
    }
}
