package io.memorymachine.local.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SampleTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(new Sample("ms", List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2);
        assertThat(new Sample("ms", List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
        assertThat(new Sample("ms", List.of()).median()).isNaN();
    }

    @Test
    void theSpreadIsShownWhereThereIsOne() {
        assertThat(new Sample("ms", List.of(120.4, 110.0, 140.0)).text()).isEqualTo("120 (110-140)");
        assertThat(new Sample("ms", List.of(0.5)).text()).isEqualTo("0.50");
        assertThat(new Sample("ms", List.of()).text()).isEqualTo("-");
    }
}
