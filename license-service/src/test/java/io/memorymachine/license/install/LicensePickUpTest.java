package io.memorymachine.license.install;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.IntegrationTest;
import io.memorymachine.license.LicenseSettings;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;

import static io.memorymachine.license.document.TestLicenses.EXPIRES;
import static io.memorymachine.license.document.TestLicenses.NOON;
import static io.memorymachine.license.document.TestLicenses.NOT_BEFORE;
import static io.memorymachine.license.document.TestLicenses.STRANGER;
import static io.memorymachine.license.document.TestLicenses.VENDOR;
import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
class LicensePickUpTest extends IntegrationTest {
    private static License issuedAt(String id, Instant issued) {
        return TestLicenses.terms(id, issued, NOT_BEFORE, EXPIRES);
    }

    private Standing pickUp(byte[] file) throws IOException {
        Files.write(LicenseSettings.FILE, file);
        await(keeper::pickUp);
        return await(keeper::standing);
    }

    @Test
    void takesTheFileWhereNoneIsInstalled() throws IOException {
        Standing standing = pickUp(VENDOR.issue(issuedAt("from-file", NOON)));

        assertThat(standing.licenseId()).isEqualTo("from-file");
        assertThat(standing.source()).isEqualTo("file");
        assertThat(standing.check().holds()).isTrue();
    }

    @Test
    void aFileIssuedLaterReplacesWhatIsInstalled() throws IOException {
        install(issuedAt("installed", NOON));

        assertThat(pickUp(VENDOR.issue(issuedAt("later", NOON.plusSeconds(1)))).licenseId())
                .isEqualTo("later");
    }

    @Test
    void aFileIssuedEarlierOrAtTheSameTimeDoesNot() throws IOException {
        install(issuedAt("installed", NOON));

        assertThat(pickUp(VENDOR.issue(issuedAt("same", NOON))).licenseId()).isEqualTo("installed");
        assertThat(pickUp(VENDOR.issue(issuedAt("earlier", NOON.minusSeconds(1))))
                        .licenseId())
                .isEqualTo("installed");
    }

    @Test
    void anEarlierFileReplacesALicenceThatHoldsNoMore() throws IOException {
        install(TestLicenses.terms("short", NOON, NOT_BEFORE, NOON.plusSeconds(10)));
        clock.set(NOON.plusSeconds(10));

        assertThat(pickUp(VENDOR.issue(issuedAt("earlier", NOT_BEFORE))).licenseId())
                .isEqualTo("earlier");
    }

    @Test
    void aFileThatIsNoLicenceIsLeftAlone() throws IOException {
        assertThat(pickUp(STRANGER.issue(issuedAt("stranger", NOON)))
                        .check()
                        .failure()
                        .reason())
                .isEqualTo(FailureReason.LICENSE_MISSING);
        assertThat(pickUp(new byte[100_000]).check().failure().reason()).isEqualTo(FailureReason.LICENSE_MISSING);
    }

    @Test
    void anAbsentFileIsNoError() {
        await(keeper::pickUp);

        assertThat(await(keeper::standing).licenseId()).isNull();
    }
}
