package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SecretFileTest {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    @TempDir
    Path directory;

    @Test
    void itIsRandomAndItsOwnersOnly() throws IOException {
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        Files.writeString(directory.resolve("one.new"), "left half-made");

        SecretFile.ensure(one, ENCODER);
        SecretFile.ensure(other, ENCODER);

        assertThat(Base64.getUrlDecoder().decode(Files.readString(one).strip())).hasSize(32);
        assertThat(Files.readString(one)).isNotEqualTo(Files.readString(other));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void oneThatExistsStays() throws IOException {
        Path token = directory.resolve("token");
        SecretFile.ensure(token, ENCODER);
        String before = Files.readString(token);

        SecretFile.ensure(token, ENCODER);

        assertThat(token).hasContent(before);
    }
}
