package io.ringside.perf.report;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.result.IndentedJson;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Cost profiles as one JSON object of schema {@value #SCHEMA}. */
public final class CostsJson {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.costs/1";

    private CostsJson() {}

    /** All of them, an array of profiles. */
    public static String text(final List<CostProfile> profiles) {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = IndentedJson.to(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeArrayPropertyStart("profiles");
            for (final CostProfile profile : profiles) {
                json.writeStartObject();
                profile(json, profile);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    /** One. */
    public static String text(final CostProfile profile) {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = IndentedJson.to(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            profile(json, profile);
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void profile(final JsonGenerator json, final CostProfile profile) {
        json.writeStringProperty("name", profile.name());
        json.writeStringProperty("about", profile.about());
        json.writeStringProperty("file", profile.file());
        json.writeBooleanProperty("prediction", profile.isPrediction());
        json.writeObjectPropertyStart("costs");
        profile.costs()
                .forEach((key, cost) -> {
                    json.writeObjectPropertyStart(key.label());
                    json.writeNumberProperty("nanos", cost.nanos());
                    json.writeNumberProperty("least", cost.least());
                    json.writeNumberProperty("most", cost.most());
                    json.writeStringProperty("basis", cost.basis().label());
                    json.writeStringProperty("why", cost.why());
                    json.writeEndObject();
                });
        json.writeEndObject();
    }
}
