package io.memorymachine.license.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.failure.FailureReason;

import static io.memorymachine.license.document.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

class DevelopmentLicenseTest {
    private static final Clock NOON = Clock.fixed(TestLicenses.NOON, ZoneOffset.UTC);

    @TempDir
    Path parent;

    @Test
    void writesAKeyAndALicenceThatHoldsWhereDevelopmentIsAllowed() throws IOException {
        License license = new DevelopmentLicense(directory(), NOON).ensure();

        TrustedKeys keys = TrustedKeys.read(directory().resolve(DevelopmentLicense.TRUSTED_KEYS));
        byte[] file = Files.readAllBytes(directory().resolve(DevelopmentLicense.LICENSE));
        assertThat(new LicenseVerifier(keys, true, NOON).verify(file)).isEqualTo(license);
        assertThat(license.development()).isTrue();
        assertThat(license.nodes()).isEqualTo(1);
        assertRefused(
                FailureReason.LICENSE_DEVELOPMENT_ONLY, () -> new LicenseVerifier(keys, false, NOON).verify(file));
    }

    @Test
    void onlyTheOwnerCanReadWhatItWrites() throws IOException {
        new DevelopmentLicense(directory(), NOON).ensure();

        assertThat(permissions(directory())).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.toList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void aSecondCallLeavesAGoodLicenceAlone() throws IOException {
        License first = new DevelopmentLicense(directory(), NOON).ensure();

        assertThat(new DevelopmentLicense(directory(), NOON).ensure()).isEqualTo(first);
    }

    @Test
    void aLicenceThatEndsSoonIsIssuedAnewWithTheSameKey() throws IOException {
        License first = new DevelopmentLicense(directory(), NOON).ensure();
        byte[] key = Files.readAllBytes(directory().resolve(DevelopmentLicense.KEY));

        License second = new DevelopmentLicense(directory(), Clock.offset(NOON, Duration.ofDays(46))).ensure();

        assertThat(second.expires()).isEqualTo(first.expires().plus(Duration.ofDays(46)));
        assertThat(Files.readAllBytes(directory().resolve(DevelopmentLicense.KEY)))
                .isEqualTo(key);
    }

    @Test
    void completesWhatADeathInBetweenLeft() throws IOException {
        new DevelopmentLicense(directory(), NOON).ensure();
        Files.delete(directory().resolve(DevelopmentLicense.LICENSE));
        Files.delete(directory().resolve(DevelopmentLicense.TRUSTED_KEYS));

        License license = new DevelopmentLicense(directory(), NOON).ensure();

        TrustedKeys keys = TrustedKeys.read(directory().resolve(DevelopmentLicense.TRUSTED_KEYS));
        assertThat(new LicenseVerifier(keys, true, NOON)
                        .verify(Files.readAllBytes(directory().resolve(DevelopmentLicense.LICENSE))))
                .isEqualTo(license);
    }

    private Path directory() {
        return parent.resolve("license");
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
