package io.ringside.perf.model;

import io.ringside.perf.result.IndentedJson;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Predictions as one JSON object. */
public final class PredictionJson {
    /** The form of the object. */
    public static final String SCHEMA = "ringside.prediction/1";

    private PredictionJson() {}

    /** The whole object, indented, ended by a newline. */
    public static String text(final String version, final List<Prediction> rows) {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = IndentedJson.to(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("ringside", version);
            json.writeStringProperty("clock", "modelled");
            json.writeArrayPropertyStart("rows");
            for (final Prediction row : rows) {
                row(json, row);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void row(final JsonGenerator json, final Prediction row) {
        json.writeStartObject();
        json.writeStringProperty("id", row.id());
        json.writeStringProperty("title", row.title());
        strings(json, "profiles", row.profiles());
        json.writeStringProperty("devices", row.devices());
        strings(json, "given", row.inputs());
        json.writeArrayPropertyStart("figures");
        for (final PredictedFigure figure : row.figures()) {
            json.writeStartObject();
            json.writeStringProperty("what", figure.what());
            json.writeStringProperty("unit", figure.unit());
            json.writeNumberProperty("published", figure.published());
            json.writeNumberProperty("predicted", figure.predicted());
            json.writeNumberProperty("low", figure.low());
            json.writeNumberProperty("high", figure.high());
            json.writeNumberProperty("errorPercent", figure.errorPercent());
            json.writeEndObject();
        }
        json.writeEndArray();
        strings(json, "assumed", PredictionTable.labels(row));
        json.writeStringProperty("missing", row.missing());
        json.writeEndObject();
    }

    private static void strings(
            final JsonGenerator json, final String name, final List<String> values) {
        json.writeArrayPropertyStart(name);
        for (final String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
