package io.memorymachine.history;

import java.time.Duration;

import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HistoryConfigTest {
    @Test
    void aSoakTestMayForgetAfterTwoMinutes() {
        HistoryConfig config = config("2m", "15s");

        assertThat(config.keep()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.cleanUpInterval()).isEqualTo(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @CsvSource({"59s,1h", "0s,1h", "7d,0s"})
    void whatForgetsTooEarlyOrAllTheTimeDoesNotStart(String keep, String interval) {
        assertThatThrownBy(() -> config(keep, interval)).isInstanceOf(ConfigValidationException.class);
    }

    private static HistoryConfig config(String keep, String interval) {
        try (ValidatorFactory factory = Validation.byDefaultProvider()
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator())
                .buildValidatorFactory()) {
            BeanValidationConfigValidator validator = factory::getValidator;
            return new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withValidator(validator)
                    .withMapping(HistoryConfig.class)
                    .withDefaultValue("mm.history.keep", keep)
                    .withDefaultValue("mm.history.clean-up-interval", interval)
                    .build()
                    .getConfigMapping(HistoryConfig.class);
        }
    }
}
