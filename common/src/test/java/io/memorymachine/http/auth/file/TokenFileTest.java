package io.memorymachine.http.auth.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

import io.quarkus.runtime.configuration.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenFileTest {
    private static final String TOKEN = "0123456789abcdefghijklmnopqrstuv";

    @TempDir
    Path directory;

    @Test
    void aTokenIsReadWithoutTheWhiteSpaceAroundIt() throws IOException {
        assertThat(TokenFile.read(file(" " + TOKEN + "\n"))).isEqualTo(TOKEN);
    }

    @Test
    void aFileBehindALinkIsWhatCounts() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file(TOKEN));

        assertThat(TokenFile.read(link)).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "r-------x", "rwxrwxrwx"})
    void aFileThatOthersMayUseIsRefusedWithTheRemedy(String mode) throws IOException {
        Path file = file(TOKEN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertRefused(file, "chmod 600");
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "' \n ', is empty",
        "0123456789abcdefghijklmnopqrstu, fewer than 32",
        "0123456789abcdef 0123456789abcdef, characters",
        "0123456789abcdef=0123456789abcdef, characters",
        "0123456789abcdef\u00e90123456789abcdef, characters",
    })
    void whatIsNoTokenIsRefusedWithoutBeingQuoted(String content, String why) throws IOException {
        Path file = file(content.replace("\\n", "\n"));

        assertRefused(file, why);
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        assertRefused(directory.resolve("none"), "does not exist");
        assertRefused(
                Files.createDirectory(
                        directory.resolve("directory"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
                "is not a file");
        assertRefused(file("a".repeat(4097)), "longer than 4096");
    }

    @Test
    void aChangedFileIsReadAgainAndWhileItCannotBeUsedNobodyIsAccepted() throws IOException {
        Path file = file(TOKEN);
        TokenFileReviewer reviewer = new TokenFileReviewer(file);
        assertThat(accepts(reviewer, TOKEN)).isTrue();
        assertThat(accepts(reviewer, TOKEN + "x")).isFalse();

        String next = TOKEN + "-2";
        Files.move(file(next), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(accepts(reviewer, TOKEN)).isFalse();
        assertThat(accepts(reviewer, next)).isTrue();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(accepts(reviewer, next)).isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(accepts(reviewer, next)).isTrue();

        Files.delete(file);
        assertThat(accepts(reviewer, next)).isFalse();
    }

    private static boolean accepts(TokenFileReviewer reviewer, String token) {
        return reviewer.review(token).await().indefinitely().isPresent();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "token", ""), content);
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> TokenFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why)
                .hasMessageNotContaining("0123456789abcdef");
    }
}
