package io.memorymachine.local.console;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({"512m,536870912", "8g,8589934592", "8GiB,8589934592", "1 k,1024", "100,100", "2tb,2199023255552"})
    void sizesAreReadInPowersOf1024(String text, long bytes) {
        assertThat(Amounts.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8x", "-1g", "1.5g", "g", "0", "9999999999999999g", "999999999t"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Amounts.bytes(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1610612736,1.5 GiB", "1125899906842624,1024.0 TiB"})
    void sizesAreWrittenWithTheLargestUnit(long bytes, String text) {
        assertThat(Amounts.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0.0 ms", "1250,1.3 ms", "99999,100.0 ms", "341500,341 ms"})
    void microsecondsAreWrittenAsMilliseconds(long micros, String text) {
        assertThat(Amounts.millis(micros)).isEqualTo(text);
    }
}
