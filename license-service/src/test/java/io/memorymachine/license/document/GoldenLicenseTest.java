package io.memorymachine.license.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A licence once sold has to be readable for ever: these files are never written anew. */
class GoldenLicenseTest {
    @Test
    void theGoldenLicenceHolds() throws IOException {
        TrustedKeys keys = TrustedKeys.of(KeyPem.publicKeys(text("golden/trusted-key.pem"), "the golden key"));
        Clock noon = Clock.fixed(TestLicenses.NOON, ZoneOffset.UTC);

        assertThat(new LicenseVerifier(keys, false, noon).verify(bytes("golden/license-v1.json")))
                .isEqualTo(TestLicenses.terms());
    }

    /** Ed25519 signatures are deterministic, so the whole file is. */
    @Test
    void issuingTheSameTermsWritesTheGoldenLicence() throws IOException {
        assertThat(new String(TestLicenses.VENDOR.issue(TestLicenses.terms()), StandardCharsets.UTF_8))
                .isEqualTo(text("golden/license-v1.json"));
        assertThat(TestLicenses.VENDOR.trustedKeyPem()).isEqualTo(text("golden/trusted-key.pem"));
    }

    private static String text(String resource) throws IOException {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = GoldenLicenseTest.class.getClassLoader().getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        }
    }
}
