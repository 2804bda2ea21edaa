package io.memorymachine.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NoSpaceTest {
    @Test
    void aWriteThatFoundNoSpaceIsAFullVolume() {
        IOException full = new FileSystemException("/mm/image.json", null, "No space left on device");

        assertThat(NoSpace.translated(new UncheckedIOException("cannot be sealed", full)))
                .isInstanceOfSatisfying(OperationFailedException.class, translated -> {
                    assertThat(translated.reason()).isEqualTo(FailureReason.VOLUME_FULL);
                    assertThat(translated.retryable()).isFalse();
                    assertThat(translated).hasMessageContaining("/mm/image.json");
                });
    }

    @Test
    void everythingElseStaysWhatItIs() {
        IOException other = new IOException("Input/output error");
        OperationFailedException refusal = new OperationFailedException(
                FailureReason.CRIU_FAILED, "no", new IOException("No space left on device"));

        assertThat(NoSpace.translated(other)).isSameAs(other);
        assertThat(NoSpace.translated(refusal)).isSameAs(refusal);
    }

    @Test
    void aCommandsWordsDecideItsReason() {
        assertThat(NoSpace.or(FailureReason.CRIU_FAILED, "Error: Can't write: No space left on device"))
                .isEqualTo(FailureReason.VOLUME_FULL);
        assertThat(NoSpace.or(FailureReason.CRIU_FAILED, "Error: no such process"))
                .isEqualTo(FailureReason.CRIU_FAILED);
    }
}
