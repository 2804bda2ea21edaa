package io.memorymachine.local.console;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndFiguresStandRight() {
        Table table = new Table("NAME", "TOOK", "IP")
                .row("hz-0", "7.1 ms", "198.18.4.10")
                .row("a-long-name", "1,234 ms", null);

        assertThat(table.lines())
                .containsExactly(
                        "NAME             TOOK  IP", "hz-0           7.1 ms  198.18.4.10", "a-long-name  1,234 ms  -");
    }

    @Test
    void aTableWithoutRowsIsItsHeadings() {
        assertThat(new Table("A", "B").lines()).containsExactly("A  B");
    }

    @Test
    void aRowNeedsACellForEachHeading() {
        Table table = new Table("A", "B");

        assertThatThrownBy(() -> table.row("only one")).isInstanceOf(IllegalArgumentException.class);
    }
}
