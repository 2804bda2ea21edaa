package io.memorymachine.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The type of a problem document refers to a section of docs/problems.md. */
class ProblemsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "problems.md");

    @Test
    void everyReasonHasItsSectionAndNoSectionIsLeftOver() throws IOException {
        List<String> sections = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();

        assertThat(sections)
                .containsExactlyElementsOf(Arrays.stream(FailureReason.values())
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }

    @Test
    void everySectionTellsCodeStatusAndMeaning() throws IOException {
        String text = Files.readString(DOCUMENT);

        for (FailureReason reason : FailureReason.values()) {
            assertThat(text).contains("`" + reason + "`, HTTP " + reason.httpStatus() + ". " + reason.title() + ".");
        }
    }
}
