package io.memorymachine.local.process;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogTailTest {
    @Test
    void framesOfStackTracesAreLeftOut() {
        String log =
                "first\n\nERROR it broke: java.io.IOException: no\n\tat a.B.c(B.java:1)\n\t... 7 more\nCaused by: x\n";

        assertThat(LogTail.withoutFrames(log, 2))
                .containsExactly("ERROR it broke: java.io.IOException: no", "Caused by: x");
    }

    @Test
    void aFileThatIsNotThereHasNoLines() {
        assertThat(LogTail.of(Path.of("/nonexistent"), 5)).isEmpty();
    }
}
