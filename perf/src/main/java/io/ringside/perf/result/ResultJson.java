package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.Machine;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * A result as one JSON object of schema {@value ResultDocument#SCHEMA}, which {@link ResultReader}
 * reads again; {@code ringside-result.schema.json} beside this class tells its form.
 */
public final class ResultJson {
    private ResultJson() {}

    /** The whole object, indented, ended by a newline. */
    public static String text(final ResultDocument document) {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = IndentedJson.to(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", ResultDocument.SCHEMA);
            json.writeStringProperty("ringside", document.version());
            machine(json, document.machine());
            noise(json, document.noise());
            json.writeArrayPropertyStart("jobs");
            for (final Job job : document.jobs()) {
                job(json, job);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("sweeps");
            for (final Sweep sweep : document.sweeps()) {
                sweep(json, sweep);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void machine(final JsonGenerator json, final Machine machine) {
        json.writeObjectPropertyStart("machine");
        json.writeStringProperty("processor", machine.processor());
        json.writeNumberProperty("processors", machine.processors());
        json.writeStringProperty("kernel", machine.kernel());
        json.writeStringProperty("jdk", machine.jdk());
        json.writeNumberProperty("memoryMebibytes", machine.memoryMebibytes());
        json.writeStringProperty("date", machine.date());
        if (Double.isFinite(machine.loadAverage()) && machine.loadAverage() >= 0) {
            json.writeNumberProperty("loadAverage", machine.loadAverage());
        }
        json.writeEndObject();
    }

    private static void noise(final JsonGenerator json, final Noise noise) {
        json.writeObjectPropertyStart("noise");
        if (noise.before() >= 0) {
            json.writeNumberProperty("busyProcessorsBefore", noise.before());
        }
        if (noise.after() >= 0) {
            json.writeNumberProperty("busyProcessorsAfter", noise.after());
        }
        json.writeBooleanProperty("busy", noise.isBusy());
        json.writeEndObject();
    }

    private static void sweep(final JsonGenerator json, final Sweep sweep) {
        json.writeStartObject();
        json.writeStringProperty("workload", sweep.workload());
        json.writeStringProperty("parameter", sweep.parameter());
        json.writeArrayPropertyStart("values");
        for (final String value : sweep.values()) {
            json.writeString(value);
        }
        json.writeEndArray();
        json.writeNumberProperty("shards", sweep.shards());
        json.writeArrayPropertyStart("present");
        for (final int part : sweep.present()) {
            json.writeNumber(part);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("points");
        for (final Sweep.Point point : sweep.points()) {
            json.writeStartObject();
            json.writeStringProperty("value", point.value());
            json.writeName("job");
            job(json, point.job());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void job(final JsonGenerator json, final Job job) {
        json.writeStartObject();
        json.writeStringProperty("workload", job.workload());
        json.writeStringProperty("clock", key(job.clock()));
        json.writeObjectPropertyStart("scenario");
        job.scenario().forEach(json::writeStringProperty);
        json.writeEndObject();
        costs(json, job.costs());
        json.writeArrayPropertyStart("rows");
        for (final Row row : job.rows()) {
            row(json, row);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void costs(final JsonGenerator json, final Costs costs) {
        json.writeObjectPropertyStart("costs");
        json.writeStringProperty("name", costs.name());
        json.writeStringProperty("source", costs.source());
        json.writeArrayPropertyStart("figures");
        for (final CostFigure figure : costs.figures()) {
            json.writeStartObject();
            json.writeStringProperty("key", figure.key());
            json.writeNumberProperty("nanos", figure.nanos());
            json.writeNumberProperty("least", figure.least());
            json.writeNumberProperty("most", figure.most());
            json.writeStringProperty("basis", key(figure.basis()));
            json.writeStringProperty("source", figure.source());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void row(final JsonGenerator json, final Row row) {
        json.writeStartObject();
        json.writeStringProperty("device", row.device());
        json.writeArrayPropertyStart("features");
        for (final String feature : row.features()) {
            json.writeString(feature);
        }
        json.writeEndArray();
        json.writeNumberProperty("operationBytes", row.operationBytes());
        json.writeBooleanProperty("verified", row.verified());
        json.writeBooleanProperty("interrupted", row.interrupted());
        json.writeArrayPropertyStart("notes");
        for (final String note : row.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("loads");
        for (final LoadResult load : row.loads()) {
            load(json, load);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void load(final JsonGenerator json, final LoadResult load) {
        json.writeStartObject();
        json.writeStringProperty("load", load.load().key());
        json.writeNumberProperty("operations", load.operations());
        json.writeObjectPropertyStart("metrics");
        load.series().forEach((metric, series) -> series(json, metric.key(), series));
        json.writeEndObject();
        json.writeObjectPropertyStart("band");
        load.band()
                .forEach((metric, range) -> {
                    json.writeObjectPropertyStart(metric.key());
                    json.writeNumberProperty("least", range.least());
                    json.writeNumberProperty("most", range.most());
                    json.writeEndObject();
                });
        json.writeEndObject();
        json.writeObjectPropertyStart("crossings");
        crossings(json, "guest", load.crossings().guest());
        crossings(json, "host", load.crossings().host());
        json.writeEndObject();
        final LatencyHistogram latency = load.latency();
        if (latency != null) {
            json.writeStringProperty("latency", latency.base64());
        }
        json.writeEndObject();
    }

    private static void crossings(
            final JsonGenerator json, final String half, final Map<Crossing, Series> crossings) {
        json.writeObjectPropertyStart(half);
        crossings.forEach((crossing, series) -> series(json, CrossingKeys.of(crossing), series));
        json.writeEndObject();
    }

    private static void series(final JsonGenerator json, final String name, final Series series) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("median", series.median());
        json.writeNumberProperty("least", series.least());
        json.writeNumberProperty("most", series.most());
        json.writeArrayPropertyStart("forks");
        for (final double value : series.values()) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A constant as JSON has it. */
    static String key(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
