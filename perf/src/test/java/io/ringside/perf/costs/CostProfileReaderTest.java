package io.ringside.perf.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ringside.perf.scenario.UsageException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostProfileReaderTest {
    private static final String HEAD = "name = \"mine\"\nabout = \"of mine\"\n";

    @Test
    void readsEveryFigureWithItsRangeBasisAndReason() throws UsageException {
        final CostProfile profile =
                CostProfileReader.read(
                        "mine.toml",
                        HEAD
                                + """
                                [costs.port-exit]
                                nanos = 3400
                                least = 3206
                                most = 3700
                                source = "somebody, 2018"
                                [costs.copy-byte]
                                nanos = 0.11
                                measured = "here"
                                [costs.wake]
                                nanos = 3e3
                                derived = "half of it"
                                [costs.kick]
                                nanos = 0
                                least = 0
                                most = 0.5
                                assumed = "why not"
                                """);
        assertThat(profile.name()).isEqualTo("mine");
        assertThat(profile.about()).isEqualTo("of mine");
        assertThat(profile.file()).isEqualTo("mine.toml");
        assertThat(profile.costs())
                .containsOnlyKeys(CostKey.PORT_EXIT, CostKey.KICK, CostKey.WAKE, CostKey.COPY_BYTE);
        assertThat(profile.cost(CostKey.PORT_EXIT))
                .isEqualTo(new Cost(3400, 3206, 3700, Basis.PUBLISHED, "somebody, 2018"));
        assertThat(profile.cost(CostKey.COPY_BYTE))
                .isEqualTo(new Cost(0.11, 0.11, 0.11, Basis.MEASURED, "here"));
        assertThat(profile.cost(CostKey.WAKE))
                .isEqualTo(new Cost(3000, 3000, 3000, Basis.DERIVED, "half of it"));
        assertThat(profile.cost(CostKey.KICK))
                .isEqualTo(new Cost(0, 0, 0.5, Basis.ASSUMED, "why not"));
        assertThat(profile.cost(CostKey.UPCALL)).isSameAs(Cost.NOTHING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nanoss = 1|unknown key 'nanoss' in costs.kick (did you mean 'nanos'?): allowed are"
                        + " nanos, least, most, source, measured, derived, assumed",
                "least = 1|costs.kick: least and most give a range together: give both or neither",
                "least = 6; most = 9|costs.kick: nanos 5.0 is outside of its range: it must be"
                        + " least 6.0 to most 9.0",
                "least = 1; most = 4.5|costs.kick: nanos 5.0 is outside of its range: it must be"
                        + " least 1.0 to most 4.5",
                "derived = \"x\"|costs.kick has 2 sources: give exactly one of source (published),"
                        + " measured (how), derived (from what), assumed (the reasoning)",
            })
    void refusesWhatDoesNotGoTogether(final String further, final String said) {
        final String text =
                HEAD + "[costs.kick]\nnanos = 5\nassumed = \"y\"\n" + further.replace("; ", "\n");
        assertThat(lines(text)).hasSize(1);
        assertThat(lines(text).getFirst()).matches("mine.toml line [34567]: .*").endsWith(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-1|-1",
                "-0.5|-0.5",
                "nan|NaN",
                "inf|Infinity",
                "1000000001|1000000001",
                "\"650\"|650",
                "true|true",
                "[1]|[...]",
                "{a = 1}|{...}",
            })
    void refusesAFigureThatIsNone(final String value, final String said) {
        assertThat(lines(HEAD + "[costs.kick]\nassumed = \"y\"\nnanos = " + value))
                .containsExactly(
                        "mine.toml line 5: costs.kick.nanos = "
                                + said
                                + " cannot be used: it must be a number of nanoseconds from 0 to"
                                + " 1000000000");
    }

    @Test
    void namesEveryFaultByLineAndKeyUpToFive() {
        final String text =
                """
                nam = "x"
                about = 7
                [cost.kick]
                nanos = 1
                [costs.kik]
                nanos = 1
                [costs.kick]
                measured = ""
                [costs]
                wake = 3
                """;
        final List<String> lines = lines(text);
        assertThat(lines)
                .containsExactly(
                        "mine.toml line 1: unknown key 'nam' (did you mean 'name'?): allowed are"
                                + " name, about, costs",
                        "mine.toml line 3: unknown key 'cost' (did you mean 'costs'?): allowed are"
                                + " name, about, costs",
                        "mine.toml: 'name' is missing: it must be one line of text in quotes",
                        "mine.toml line 2: about = 7 cannot be used: it must be one line of text in"
                                + " quotes",
                        "mine.toml line 5: unknown key 'kik' in costs (did you mean 'kick'?):"
                            + " allowed are hypercall, port-exit, hypervisor-port-exit, mmio-exit,"
                            + " interrupt, upcall, kick, page-map, page-unmap, tlb-flush,"
                            + " grant-copy, wake, thread-switch, copy-byte, line-transfer,"
                            + " exit-hand-over, host-hypercall, host-upcall",
                        "and 3 more of mine.toml");
    }

    @Test
    void wantsAFigureAndASourceOfEveryCost() {
        assertThat(lines(HEAD + "[costs.kick]\n"))
                .containsExactly(
                        "mine.toml line 3: 'costs.kick.nanos' is missing: it must be a number of"
                                + " nanoseconds",
                        "mine.toml line 3: costs.kick has no source: give exactly one of source"
                                + " (published), measured (how), derived (from what), assumed (the"
                                + " reasoning)");
        assertThat(lines(HEAD + "costs = 3\n"))
                .containsExactly(
                        "mine.toml line 3: costs = 3 cannot be used: it must hold tables such as"
                                + " [costs.port-exit]");
        assertThat(lines(HEAD + "[costs]\nkick = 3\n"))
                .containsExactly(
                        "mine.toml line 4: costs.kick = 3 cannot be used: it must be a table"
                                + " [costs.kick] with nanos and a source");
    }

    @Test
    void tellsWhereTheTextIsNoToml() {
        final List<String> lines = lines(HEAD + "[costs.kick\nnanos = 1\n");
        assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("mine.toml line "));
        assertThat(lines(HEAD + "name = \"again\"\n"))
                .hasSize(1)
                .allMatch(line -> line.startsWith("mine.toml line 3: "));
    }

    private static List<String> lines(final String text) {
        final UsageException refusal =
                catchThrowableOfType(
                        UsageException.class, () -> CostProfileReader.read("mine.toml", text));
        return Arrays.asList(String.valueOf(refusal.getMessage()).split(System.lineSeparator()));
    }
}
