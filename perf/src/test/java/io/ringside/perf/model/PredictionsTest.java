package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Published results next to what the model gives, held against the text that was found before.
 *
 * <p>With {@code -Dringside.renewPredictions=true} the text is written again, and the tests that
 * wrote it fail once more, so that nobody does it unawares.
 */
class PredictionsTest {
    private static final Path FOUND_BEFORE =
            Path.of(
                    "src",
                    "test",
                    "resources",
                    "io",
                    "ringside",
                    "perf",
                    "model",
                    "predictions.txt");
    private static final Path PAGE = Path.of("..", "PREDICTIONS.md");
    private static final String OPENED = "```text\n";
    private static final String CLOSED = "```\n";
    private static final String HINT =
            "If the model is meant to give something else now, read what changed, then renew %s and"
                    + " %s: mvn test -pl perf -am -Dtest=PredictionsTest"
                    + " -Dringside.renewPredictions=true -Dsurefire.failIfNoSpecifiedTests=false";

    private static final Predictions PREDICTIONS = new Predictions(RunControl.NONE);
    private static final List<Prediction> ROWS = new ArrayList<>();

    @BeforeAll
    static void predictEveryRow() throws Exception {
        for (final String id : PREDICTIONS.ids()) {
            ROWS.add(PREDICTIONS.predict(id));
        }
    }

    private static String told() {
        final StringBuilder text = new StringBuilder(PredictionTable.heading());
        for (final Prediction row : ROWS) {
            text.append('\n').append(PredictionTable.text(row));
        }
        return text.toString();
    }

    @Test
    void holdsTheRowsThatAreAskedFor() {
        assertThat(PREDICTIONS.ids())
                .containsExactly("V1", "V4", "V5", "V6", "V7", "V9", "V10")
                .isEqualTo(ROWS.stream().map(Prediction::id).toList());
    }

    @Test
    void predictsToTheDigitWhatItDidBefore() throws Exception {
        renew();
        assertThat(told()).as(HINT, FOUND_BEFORE, PAGE).isEqualTo(Files.readString(FOUND_BEFORE));
    }

    @Test
    void tellsTheSameOnThePageOfThePredictions() throws Exception {
        final String page = Files.readString(PAGE);
        assertThat(page.indexOf(OPENED))
                .as("one block of text")
                .isEqualTo(page.lastIndexOf(OPENED));
        assertThat(page)
                .as(HINT, FOUND_BEFORE, PAGE)
                .contains(OPENED + Files.readString(FOUND_BEFORE) + CLOSED);
    }

    private static void renew() throws Exception {
        if (Boolean.getBoolean("ringside.renewPredictions")) {
            final String page = Files.readString(PAGE);
            final int from = page.indexOf(OPENED) + OPENED.length();
            final int to = page.indexOf(CLOSED, from);
            Files.writeString(FOUND_BEFORE, told());
            Files.writeString(PAGE, page.substring(0, from) + told() + page.substring(to));
            fail("renewed: run again without -Dringside.renewPredictions");
        }
    }

    static List<Prediction> rows() {
        return ROWS;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void predictsNothingThatItWasGiven(final Prediction row) {
        assertThat(row.figures()).isNotEmpty();
        for (final PredictedFigure figure : row.figures()) {
            assertThat(figure.predicted()).as("%s", figure).isPositive();
            assertThat(figure.predicted()).isBetween(figure.low(), figure.high());
            for (final String input : row.inputs()) {
                assertThat(numbers(input)).as("%s", row).doesNotContain(figure.published());
            }
        }
    }

    /** One row a second time, in the same process: nothing of the first run is left. */
    @Test
    void predictsTheSameEachTime() throws Exception {
        assertThat(ROWS).contains(PREDICTIONS.predict("V5"), PREDICTIONS.predict("V10"));
    }

    private static List<Double> numbers(final String text) {
        return List.of(text.split("[^0-9.,]+")).stream()
                .map(word -> word.replaceAll(",|\\.$", ""))
                .filter(word -> !word.isEmpty())
                .map(Double::valueOf)
                .toList();
    }

    @Test
    void statesTheErrorAlsoWhereItIsLarge() {
        final PredictedFigure figure = new PredictedFigure("rate", "Mb/s", 100, 845, 709, 877);
        assertThat(figure.errorPercent()).isEqualTo(745);
        final String text =
                PredictionTable.text(
                        new Prediction(
                                "V0",
                                "a row",
                                List.of("today"),
                                "e1000",
                                List.of(),
                                List.of(figure),
                                List.of(),
                                "much"));
        assertThat(text).contains("+745 %", "709 to 877", "given: nothing", "missing: much");
        assertThat(text.lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void refusesRowsThatAreNot() {
        assertThatThrownBy(() -> PREDICTIONS.checked(List.of("V99")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "no row 'V99': it must be one of "
                                + String.join(", ", PREDICTIONS.ids()).toUpperCase(Locale.ROOT));
    }
}
