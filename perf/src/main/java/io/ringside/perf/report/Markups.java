package io.ringside.perf.report;

import io.ringside.perf.result.Row;

/** Pieces of markup that several parts of the page have. */
final class Markups {
    private Markups() {}

    /** What is markup, and is not escaped. */
    static Markup raw(final String text) {
        return new Markup().add(text.replace("%", "%%"));
    }

    /** A device's name; of one with features, the features. */
    static Markup name(final Row row) {
        final int plus = row.device().indexOf('+');
        return plus < 0
                ? new Markup().add("%s", row.device())
                : new Markup()
                        .add(
                                "<span class=\"base\">%s</span><wbr>%s",
                                row.plainDevice(), row.device().substring(plus));
    }
}
