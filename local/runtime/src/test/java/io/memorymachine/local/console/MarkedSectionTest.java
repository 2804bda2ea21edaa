package io.memorymachine.local.console;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MarkedSectionTest {
    private static final String BEGIN = "<!-- begin table -->";
    private static final String END = "<!-- end table -->";

    @Test
    void whatStandsBetweenTheMarksIsReplacedAndTheRestStays() {
        List<String> replaced =
                MarkedSection.replaced(List.of("# Title", BEGIN, "old", END, "after"), "table", List.of("new", "er"));

        assertThat(replaced).containsExactly("# Title", BEGIN, "new", "er", END, "after");
    }

    @Test
    void aFileWithoutTheSectionGetsItAtItsEnd() {
        assertThat(MarkedSection.replaced(List.of("text"), "table", List.of("new")))
                .containsExactly("text", BEGIN, "new", END);
    }

    @Test
    void aSectionThatIsNotEndedIsRefused() {
        assertThatThrownBy(() -> MarkedSection.replaced(List.of(BEGIN, "old"), "table", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(END);
    }

    @Test
    void aCellOfATableCannotEndItsRow() {
        assertThat(new MarkdownTable("A", "B").row("x|y", "two\nlines").lines())
                .containsExactly("| A | B |", "| --- | --- |", "| x\\|y | two lines |");
    }
}
