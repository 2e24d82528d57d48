package io.ringside.perf.model;

import io.ringside.perf.costs.CostKey;
import io.ringside.perf.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Predictions as text, for a terminal. */
public final class PredictionTable {
    private static final int WIDTH = 98;
    private static final double SMALL = 10;

    private PredictionTable() {}

    /** What is said once, before all rows. */
    public static String heading() {
        return "clock: modelled. Every predicted figure is computed from a profile's costs, with"
                + " the real\n"
                + "halves over the real rings; nothing here was timed on this machine. The band"
                + " is what the\n"
                + "ranges of the profile's figures give. What a row was given is not"
                + " predicted.\n";
    }

    /** One row, ended by a newline. */
    public static String text(final Prediction row) {
        final StringBuilder text = new StringBuilder();
        text.append(wrapped("", row.id() + "  " + row.title()));
        final TextTable table =
                new TextTable("  figure", "unit", "published", "predicted", "band", "error");
        for (final PredictedFigure figure : row.figures()) {
            table.row(
                    "  " + figure.what(),
                    figure.unit(),
                    number(figure.published()),
                    number(figure.predicted()),
                    number(figure.low()) + " to " + number(figure.high()),
                    String.format(Locale.ROOT, "%+.0f %%", figure.errorPercent()));
        }
        text.append(table.text());
        text.append(wrapped("  with: ", row.devices()));
        text.append(
                wrapped(
                        "  given: ",
                        row.inputs().isEmpty() ? "nothing" : String.join("; ", row.inputs())));
        text.append(
                wrapped(
                        "  charged: ",
                        "profile "
                                + String.join(" and ", row.profiles())
                                + (row.assumed().isEmpty()
                                        ? ""
                                        : "; assumed: " + String.join(", ", labels(row)))));
        text.append(wrapped("  missing: ", row.missing()));
        return text.toString();
    }

    static List<String> labels(final Prediction row) {
        final List<String> labels = new ArrayList<>();
        for (final CostKey key : row.assumed()) {
            labels.add(key.label());
        }
        return labels;
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, value < SMALL ? "%.2f" : "%,.0f", value);
    }

    private static String wrapped(final String label, final String words) {
        final StringBuilder text = new StringBuilder(label);
        int column = label.length();
        final String indent = label.isEmpty() ? "    " : " ".repeat(label.length());
        for (final String word : words.split(" ", -1)) {
            if (column + 1 + word.length() > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            } else if (column > label.length()) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        return text.append('\n').toString();
    }
}
