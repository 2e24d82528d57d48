package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.costs.CostProfiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostsCommandTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void listsEveryProfile() {
        final Invocation list = Invocation.of("costs");
        assertThat(list.exitCode()).isZero();
        assertThat(list.err()).isEmpty();
        assertThat(list.out()).contains(CostProfiles.shipped()).contains("this-host");
        assertThat(Invocation.of("costs", "--json").out())
                .startsWith("{")
                .contains("\"schema\" : \"ringside.costs/1\"")
                .contains("\"2006-xen3-hvm\"");
    }

    @Test
    void showsWhereEachFigureComesFrom() {
        final Invocation shown = Invocation.of("costs", "today");
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).contains("port-exit, published:", "0804c849f1df", "3,206");
        assertThat(Invocation.of("costs", "today", "--json").out())
                .contains("\"basis\" : \"published\"");
    }

    @Test
    void checksAFileOfTheUsers() throws IOException {
        final Path file = directory.resolve("mine.toml");
        Files.writeString(
                file,
                """
                name = "mine"
                about = "of mine"
                [costs.port-exit]
                nanos = 3500
                assumed = "half way"
                """);
        assertThat(Invocation.of("costs", file.toString()).out())
                .contains("mine: of mine", "half way");
        Files.writeString(file, "name = \"mine\"\nabout = \"x\"\n[costs.port-exits]\nnanos = 1\n");
        for (final String[] command :
                new String[][] {
                    {"costs", file.toString()},
                    {"compare", "disk", "--costs", file.toString(), "--output", "-"},
                    {"compare", "net", "--costs", file.toString(), "--output", "-"}
                }) {
            final Invocation refused = Invocation.of(command);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .startsWith(
                            "ringside: "
                                    + file
                                    + " line 3: unknown key 'port-exits' in costs (did you mean"
                                    + " 'port-exit'?): allowed are hypercall, port-exit,");
        }
    }
}
