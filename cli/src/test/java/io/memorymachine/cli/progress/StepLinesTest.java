package io.memorymachine.cli.progress;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.memorymachine.client.Advance;
import io.memorymachine.client.Progress;

import static org.assertj.core.api.Assertions.assertThat;

/** What stands on a terminal and in a pipe while an operation runs. */
class StepLinesTest {
    private static final long GIB = 1L << 30;

    private final StringWriter written = new StringWriter();
    private int sequence;

    @Test
    void aStepThatReadsMuchHasABarOnATerminalUntilItEnds() {
        try (StepLines lines = lines(true)) {
            lines.changed(step("seal", "started"));
            lines.advanced(new Advance("seal", "node-a", GIB / 2, GIB));
            assertThat(shown()).isEqualTo("  ->  seal" + " ".repeat(31) + "[########--------]  50% of 1.0Gi");

            lines.advanced(new Advance("seal", "node-b", 0, GIB));
            assertThat(shown()).endsWith("[####------------]  25% of 2.0Gi");

            lines.advanced(new Advance("seal", "node-a", GIB, GIB));
            assertThat(shown()).endsWith("[########--------]  50% of 2.0Gi");

            lines.changed(step("seal", "finished"));
            assertThat(shown()).isEmpty();
        }
        assertThat(screen()).containsExactly("  ok  seal" + " ".repeat(25) + "12ms");
    }

    @Test
    void aBarStaysBesideItsStepAndDoesNotComeBackWithTheNextAttempt() {
        try (StepLines lines = lines(true)) {
            lines.advanced(new Advance("seal", "node-a", GIB, GIB));
            assertThat(shown()).isEmpty();

            lines.changed(step("verify", "started"));
            lines.advanced(new Advance("seal", "node-a", GIB, GIB));
            assertThat(shown()).isEqualTo("  ->  verify");

            lines.advanced(new Advance("verify", "node-a", GIB, GIB));
            lines.changed(step("verify", "failed"));
            lines.changed(step("verify", "started"));
            assertThat(shown()).isEqualTo("  ->  verify");
        }
    }

    @Test
    void aLineThatIsWrittenOverIsNeverLongerThanATerminal() {
        try (StepLines lines = lines(true)) {
            lines.changed(step("rollback-materialize", "started"));
            lines.advanced(new Advance("rollback-materialize", "node-a", 1023 * GIB, 1023 * GIB));
            assertThat(shown()).hasSizeLessThan(80).endsWith("[################] 100% of 1023.0Gi");
        }
        assertThat(written.toString().split("\u001b\\[\\?7l", -1))
                .hasSameSizeAs(written.toString().split("\u001b\\[\\?7h", -1))
                .hasSizeGreaterThan(1);
    }

    @Test
    void inAPipeThereIsNothingOfTheBar() {
        try (StepLines lines = lines(false)) {
            lines.changed(step("seal", "started"));
            lines.advanced(new Advance("seal", "node-a", GIB / 2, GIB));
            lines.changed(step("seal", "finished"));
        }
        assertThat(written.toString()).isEqualTo("  ok  seal" + " ".repeat(25) + "12ms" + System.lineSeparator());
    }

    private StepLines lines(boolean terminal) {
        return new StepLines(new PrintWriter(written), terminal);
    }

    private Progress step(String name, String status) {
        return new Progress(
                ++sequence, Optional.of(name), status, Instant.EPOCH, Duration.ofMillis(12), Optional.empty());
    }

    /** The line that the cursor stands in. */
    private String shown() {
        String text = plain();
        return text.substring(Math.max(text.lastIndexOf('\r'), text.lastIndexOf('\n')) + 1);
    }

    /** The lines that stay. */
    private List<String> screen() {
        // Not lines(): for that a return of the carriage ends a line, too.
        return Stream.of(plain().split(System.lineSeparator()))
                .map(line -> line.substring(line.lastIndexOf('\r') + 1))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private String plain() {
        return written.toString().replaceAll("\u001b\\[\\?7[lh]", "").replace("\u001b[K", "");
    }
}
