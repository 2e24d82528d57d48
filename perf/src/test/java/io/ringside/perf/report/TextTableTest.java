package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void alignsTheFirstColumnLeftAndAllOthersRight() {
        final TextTable table = new TextTable("name", "n", "ratio");
        table.row("a", "1", "0.5");
        table.row("longer", "1000", "12.25");
        assertThat(table.text())
                .isEqualTo(
                        """
                        name       n  ratio
                        -------------------
                        a          1    0.5
                        longer  1000  12.25
                        """);
    }

    @Test
    void namesGroupsAboveTheirColumnsAndSetsThemApart() {
        final TextTable table =
                new TextTable("name", "a", "b", "c").group("", 1).group("pair", 2).group("one", 1);
        table.row("x", "10", "20", "30");
        assertThat(table.text())
                .isEqualTo(
                        """
                               pair     one
                        name    a   b     c
                        -------------------
                        x      10  20    30
                        """);
    }

    @Test
    void widensTheFirstColumnOfAGroupWhoseNameIsLonger() {
        final TextTable table = new TextTable("n", "a").group("", 1).group("a long name", 1);
        table.row("x", "1");
        assertThat(table.text())
                .isEqualTo(
                        """
                            a long name
                        n             a
                        ---------------
                        x             1
                        """);
    }

    @Test
    void leavesNoSpacesAtTheEndOfALine() {
        final TextTable table = new TextTable("a", "b").group("group", 2);
        table.row("x", "");
        assertThat(table.text().lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void refusesARowOfAnotherLength() {
        final TextTable table = new TextTable("a", "b");
        assertThatThrownBy(() -> table.row("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells do not fit: cells=1 columns=2");
    }
}
