package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published results next to what the model gives. */
class PredictionsTest {
    private final Predictions predictions = new Predictions(RunControl.NONE);

    @Test
    void holdsTheRowsThatAreAskedFor() {
        assertThat(predictions.ids()).contains("V1", "V4", "V7", "V9").hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"V1", "V4", "V5", "V9", "V10"})
    void predictsNothingThatItWasGivenAndTheSameEachTime(final String id) throws Exception {
        final Prediction row = predictions.predict(id);
        assertThat(row.id()).isEqualTo(id);
        assertThat(row.figures()).isNotEmpty();
        for (final PredictedFigure figure : row.figures()) {
            assertThat(figure.predicted()).as("%s", figure).isPositive();
            assertThat(figure.predicted()).isBetween(figure.low(), figure.high());
            for (final String input : row.inputs()) {
                assertThat(numbers(input)).as("%s", row).doesNotContain(figure.published());
            }
        }
        assertThat(predictions.predict(id)).isEqualTo(row);
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
        assertThatThrownBy(() -> predictions.checked(List.of("V99")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "no row 'V99': it must be one of "
                                + String.join(", ", predictions.ids()).toUpperCase(Locale.ROOT));
    }
}
