package io.ringside.perf.report;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.measure.Measured;
import io.ringside.perf.scenario.WakeupMode;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Any comparison as one JSON object of schema {@value #SCHEMA}; counts are totals. */
public final class ReportJson {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.compare/1";

    private ReportJson() {}

    /**
     * The whole object, indented, ended by a newline.
     *
     * @param reports the first job, and further ones on the same machine
     */
    public static String text(final List<? extends Report> reports) {
        final Report first = reports.getFirst();
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            machine(json, first);
            job(json, first);
            if (reports.size() > 1) {
                json.writeArrayPropertyStart("furtherJobs");
                for (final Report further : reports.subList(1, reports.size())) {
                    json.writeStartObject();
                    job(json, further);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    /** Writes JSON, indented. */
    static JsonGenerator generator(final StringWriter out) {
        final ObjectWriteContext pretty =
                new ObjectWriteContext.Base() {
                    @Override
                    public PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                };
        return new JsonFactory().createGenerator(pretty, out);
    }

    private static void job(final JsonGenerator json, final Report report) {
        switch (report) {
            case DiskReport disk -> DiskJson.job(json, disk);
            case NetReport net -> NetJson.job(json, net);
        }
    }

    private static void machine(final JsonGenerator json, final Report report) {
        final Machine machine = report.machine();
        json.writeObjectPropertyStart("machine");
        json.writeStringProperty("processor", machine.processor());
        json.writeNumberProperty("processors", machine.processors());
        json.writeStringProperty("kernel", machine.kernel());
        json.writeStringProperty("jdk", machine.jdk());
        json.writeNumberProperty("memoryMebibytes", machine.memoryMebibytes());
        json.writeStringProperty("date", machine.date());
        if (report.busyProcessors() >= 0) {
            json.writeNumberProperty("busyProcessorsBefore", report.busyProcessors());
        }
        json.writeBooleanProperty("busy", report.isMachineBusy());
        json.writeEndObject();
    }

    /** How halves wait, and what crossings are charged: part of every scenario. */
    static void charges(
            final JsonGenerator json, final WakeupMode wakeups, final CrossingCosts costs) {
        json.writeStringProperty("wakeups", wakeups.name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("costs", costs.name());
        json.writeStringProperty("costsSource", costs.source());
        json.writeObjectPropertyStart("costsNanos");
        for (final Crossing crossing : Crossing.values()) {
            json.writeNumberProperty(name(crossing), costs.nanos(crossing));
        }
        json.writeEndObject();
    }

    /** What both halves crossed and copied: part of every result. */
    static void counts(final JsonGenerator json, final Measured result) {
        json.writeObjectPropertyStart("counts");
        json.writeNumberProperty("exits", result.exits());
        json.writeNumberProperty("hypercalls", result.hypercalls());
        json.writeNumberProperty("kicks", result.kicks());
        json.writeNumberProperty("interrupts", result.interrupts());
        json.writeNumberProperty("grantOperations", result.grantOperations());
        json.writeNumberProperty("bytesCopied", result.bytesCopied());
        half(json, "frontend", result.frontend());
        half(json, "backend", result.backend());
        json.writeEndObject();
    }

    private static void half(final JsonGenerator json, final String name, final HalfCounts counts) {
        json.writeObjectPropertyStart(name);
        for (final Crossing crossing : Crossing.values()) {
            json.writeNumberProperty(name(crossing), counts.count(crossing));
        }
        json.writeNumberProperty("bytesCopied", counts.bytesCopied());
        json.writeEndObject();
    }

    /** The usual percentiles of a latency, as properties of the object that is being written. */
    static void latency(final JsonGenerator json, final Histogram latency) {
        json.writeNumberProperty("p50Nanos", latency.getValueAtPercentile(50));
        json.writeNumberProperty("p99Nanos", latency.getValueAtPercentile(99));
        json.writeNumberProperty("p999Nanos", latency.getValueAtPercentile(99.9));
        json.writeNumberProperty("maxNanos", latency.getMaxValue());
    }

    /** {@code PORT_EXIT} as {@code portExit}. */
    private static String name(final Crossing crossing) {
        final StringBuilder name = new StringBuilder();
        for (final String word : crossing.name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(
                    name.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
