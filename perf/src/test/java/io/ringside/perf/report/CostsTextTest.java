package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

class CostsTextTest {
    private static final CostProfile PROFILE =
            new CostProfile(
                    "mine",
                    "of mine",
                    "mine.toml",
                    Map.of(
                            CostKey.PORT_EXIT, new Cost(3400, 3206, 3700, Basis.PUBLISHED, "a b"),
                            CostKey.COPY_BYTE, new Cost(0.11, 0.01, 0.154, Basis.ASSUMED, "c")));

    @Test
    void tablesEachFigureAndThenItsReason() {
        final String text = CostsTable.text(PROFILE);
        assertThat(text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList())
                .startsWith("mine: of mine", "read from: mine.toml", "")
                .contains("hypercall 0 0 0 not listed")
                .containsSequence("copy-byte 0.11 0.01 0.154 assumed")
                .containsSequence("port-exit 3,400 3,206 3,700 published")
                .containsSequence(
                        "",
                        "port-exit, published:",
                        "a b",
                        "",
                        "copy-byte, assumed:",
                        "c",
                        "",
                        "what is charged by an assumed figure is a prediction");
    }

    @Test
    void wrapsLongReasonsAndLosesNoWord() {
        final String why = "word ".repeat(60).strip();
        final String text =
                CostsTable.text(
                        new CostProfile(
                                "x",
                                "y",
                                "z",
                                Map.of(CostKey.KICK, new Cost(1, 1, 1, Basis.DERIVED, why))));
        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
        assertThat(text.replaceAll("\\s+", " ")).contains(why);
        assertThat(text).doesNotContain("prediction");
    }

    @Test
    void countsWhatEachProfileRestsOn() {
        final CostProfile nothing = new CostProfile("counts", "nothing", "z", Map.of());
        assertThat(
                        CostsTable.text(List.of(nothing, PROFILE))
                                .lines()
                                .map(line -> line.strip().replaceAll(" +", " "))
                                .toList())
                .contains(
                        "counts 0 0 0 0 0",
                        "mine 0 1 0 1 3,400",
                        "counts: nothing",
                        "mine: of mine");
    }

    @Test
    void tellsTheSameInJson() throws IOException {
        final Map<String, Object> one = JSON.std.mapFrom(CostsJson.text(PROFILE));
        assertThat(one)
                .containsEntry("schema", "ringside.costs/1")
                .containsEntry("name", "mine")
                .containsEntry("about", "of mine")
                .containsEntry("file", "mine.toml")
                .containsEntry("prediction", true)
                .containsEntry(
                        "costs",
                        Map.of(
                                "port-exit",
                                Map.of(
                                        "nanos", 3400.0,
                                        "least", 3206.0,
                                        "most", 3700.0,
                                        "basis", "published",
                                        "why", "a b"),
                                "copy-byte",
                                Map.of(
                                        "nanos", 0.11,
                                        "least", 0.01,
                                        "most", 0.154,
                                        "basis", "assumed",
                                        "why", "c")));
        final Map<String, Object> all = JSON.std.mapFrom(CostsJson.text(List.of(PROFILE, PROFILE)));
        assertThat((List<?>) all.get("profiles")).hasSize(2);
    }
}
