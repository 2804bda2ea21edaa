package io.memorymachine.license.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.IntegrationTest;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;

import static io.memorymachine.license.document.TestLicenses.EXPIRES;
import static io.memorymachine.license.document.TestLicenses.NOON;
import static io.memorymachine.license.document.TestLicenses.NOT_BEFORE;
import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
class LicenseWatchTest extends IntegrationTest {
    @Inject
    LicenseWatch watch;

    private void lookAt(Instant now) {
        clock.set(now);
        await(watch::look);
    }

    private void assertTold(String licenseId, List<? extends Message> facts) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(bus.facts(licenseId)).isEqualTo(facts));
    }

    @Test
    void theEndIsAnnouncedOnceForEachThreshold() {
        License terms = TestLicenses.terms("ending", NOON, NOT_BEFORE, EXPIRES);
        install(terms);
        LicenseFact installed = new LicenseFact.Installed("ending", terms.holder(), EXPIRES);
        LicenseFact expiring = new LicenseFact.Expiring("ending", terms.holder(), EXPIRES);

        lookAt(EXPIRES.minus(Duration.ofDays(30)).minusSeconds(1));
        assertThat(count("license_notice")).isZero();
        lookAt(EXPIRES.minus(Duration.ofDays(30)));
        lookAt(EXPIRES.minus(Duration.ofDays(20)));
        assertThat(count("license_notice")).isEqualTo(1);
        lookAt(EXPIRES.minus(Duration.ofDays(7)));
        lookAt(EXPIRES.minus(Duration.ofDays(6)));
        assertThat(count("license_notice")).isEqualTo(2);
        lookAt(EXPIRES.minus(Duration.ofHours(1)));
        lookAt(EXPIRES.minus(Duration.ofMinutes(1)));
        assertThat(count("license_notice")).isEqualTo(3);

        assertTold("ending", List.of(installed, expiring, expiring, expiring));
    }

    @Test
    void aLicenceThatEndedIsToldOnce() {
        License terms = TestLicenses.terms("ended", NOON, NOT_BEFORE, EXPIRES);
        install(terms);

        lookAt(EXPIRES);
        lookAt(EXPIRES.plus(Duration.ofDays(1)));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(bus.facts("ended")).hasSize(2));
        assertThat(bus.facts("ended").get(1)).isInstanceOfSatisfying(LicenseFact.Invalid.class, invalid -> {
            assertThat(invalid.licenseId()).isEqualTo("ended");
            assertThat(invalid.failure().reason()).isEqualTo(FailureReason.LICENSE_EXPIRED);
        });
        assertThat(count("license_notice")).isEqualTo(1);
    }

    @Test
    void withoutALicenceThereIsNothingToTell() {
        lookAt(NOON);

        assertThat(count("license_notice")).isZero();
    }
}
