package io.ringside.perf.report;

import io.ringside.perf.result.IndentedJson;
import io.ringside.perf.result.Series;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What changed between results, as one JSON object of schema {@value #SCHEMA}. */
public final class ComparisonJson {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.comparison/1";

    private ComparisonJson() {}

    /** The whole object, indented, ended by a newline: every figure that was compared. */
    public static String text(final List<ResultComparison> comparisons) {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = IndentedJson.to(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeArrayPropertyStart("comparisons");
            for (final ResultComparison comparison : comparisons) {
                comparison(json, comparison);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void comparison(final JsonGenerator json, final ResultComparison comparison) {
        json.writeStartObject();
        json.writeStringProperty("baseline", comparison.before());
        json.writeStringProperty("file", comparison.after());
        json.writeNumberProperty("threshold", comparison.threshold());
        json.writeNumberProperty("regressions", comparison.regressions().size());
        json.writeArrayPropertyStart("figures");
        for (final Change change : comparison.changes()) {
            json.writeStartObject();
            json.writeStringProperty("scenario", change.scenario());
            json.writeStringProperty("device", change.device());
            json.writeStringProperty("load", change.load().key());
            json.writeStringProperty("metric", change.metric().key());
            series(json, "before", change.before());
            series(json, "after", change.after());
            json.writeStringProperty("verdict", change.verdict().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("notes");
        for (final String note : comparison.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void series(final JsonGenerator json, final String name, final Series series) {
        json.writeArrayPropertyStart(name);
        for (final double value : series.values()) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
