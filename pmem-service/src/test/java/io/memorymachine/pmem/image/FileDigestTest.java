package io.memorymachine.pmem.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileDigestTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, MIB - 1, MIB, MIB + 1, 3 * MIB + 4096, 5 * MIB + 17})
    void bothWaysOfReadingComeToTheHashOfWhatWasWritten(int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        // Not flushed: what the page cache alone holds counts, too.
        Path file = Files.write(folder.resolve("file"), bytes);
        AtomicLong cached = new AtomicLong();
        AtomicLong uncached = new AtomicLong();
        FileDigest expected = new FileDigest(length, FileDigest.sha256(bytes));

        assertThat(FileDigest.of(file, true, cached::addAndGet)).isEqualTo(expected);
        assertThat(FileDigest.uncached(file, true, uncached::addAndGet)).isEqualTo(expected);
        assertThat(cached).hasValue(length);
        assertThat(uncached).hasValue(length);
    }

    @Test
    void theHashIsSha256() {
        // FIPS 180-4, the message of no bytes.
        assertThat(FileDigest.sha256(new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path link =
                Files.createSymbolicLink(folder.resolve("link"), Files.write(folder.resolve("file"), new byte[] {1}));

        assertThatThrownBy(() -> FileDigest.of(link, false, read -> {})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FileDigest.uncached(link, false, read -> {})).isInstanceOf(IOException.class);
    }

    @Test
    void aFileThatIsMissingIsSaid() {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> FileDigest.uncached(missing, false, read -> {}))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whereNothingCanBeReadPastThePageCacheItIsReadThroughIt() throws IOException {
        // Files of sysfs cannot be read otherwise, and say that they are longer than they are.
        Path file = Path.of("/sys/devices/system/cpu/possible");

        FileDigest digest = FileDigest.uncached(file, false, read -> {});

        assertThat(digest).isEqualTo(FileDigest.of(file, false, read -> {}));
        assertThat(digest.bytes()).isPositive();
    }
}
