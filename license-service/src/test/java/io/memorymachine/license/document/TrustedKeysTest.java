package io.memorymachine.license.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TrustedKeysTest {
    @TempDir
    Path directory;

    @Test
    void readsSeveralKeysFromOneFile() throws IOException {
        Path file = directory.resolve("keys.txt");
        Files.writeString(
                file,
                "Vendor, since 2026\n" + TestLicenses.VENDOR.trustedKeyPem() + "\nAnother\n"
                        + TestLicenses.STRANGER.trustedKeyPem());

        assertThat(TrustedKeys.read(file).ids()).hasSize(2);
    }

    @Test
    void readsEveryPemFileOfADirectoryAndNothingElse() throws IOException {
        Files.writeString(directory.resolve("a.pem"), TestLicenses.VENDOR.trustedKeyPem());
        Files.createSymbolicLink(directory.resolve("b.pem"), Path.of("..data-b"));
        Files.writeString(directory.resolve("..data-b"), TestLicenses.STRANGER.trustedKeyPem());
        Files.writeString(directory.resolve("README"), "no key");
        Files.createDirectory(directory.resolve("c.pem"));

        assertThat(TrustedKeys.read(directory).ids()).hasSize(2);
    }

    @Test
    void anAbsentFileIsAnError() {
        assertThatThrownBy(() -> TrustedKeys.read(directory.resolve("absent"))).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryWithoutKeysIsAnError() {
        assertThatThrownBy(() -> TrustedKeys.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No public key");
    }

    @Test
    void aPrivateKeyIsNotTakenForAPublicOne() throws IOException {
        Path file = Files.writeString(directory.resolve("k.pem"), KeyPem.write(LicenseIssuer.newKeys()));

        assertThatThrownBy(() -> TrustedKeys.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("something else than public keys");
    }

    @Test
    void aKeyOfAnotherAlgorithmIsAnError() throws IOException, GeneralSecurityException {
        KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
        Path file = Files.writeString(
                directory.resolve("k.pem"), KeyPem.write(ed448.generateKeyPair().getPublic()));

        assertThatThrownBy(() -> TrustedKeys.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not Ed25519");
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        Path file = Files.write(directory.resolve("k.pem"), new byte[70_000]);

        assertThatThrownBy(() -> TrustedKeys.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too large");
    }
}
