package io.ringside.perf.report;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.DiskScenario;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** A disk comparison as one JSON object of schema {@value #SCHEMA}; counts are totals. */
public final class DiskJson {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.compare/1";

    private DiskJson() {}

    /** The whole object of one job. */
    public static String text(final DiskReport report) {
        return text(List.of(report));
    }

    /**
     * The whole object, indented, ended by a newline.
     *
     * @param reports the first job, and further ones on the same medium and machine
     */
    public static String text(final List<DiskReport> reports) {
        final DiskReport first = reports.getFirst();
        final StringWriter out = new StringWriter();
        final JsonFactory factory = new JsonFactory();
        final ObjectWriteContext pretty =
                new ObjectWriteContext.Base() {
                    @Override
                    public PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                };
        try (JsonGenerator json = factory.createGenerator(pretty, out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            scenario(json, first);
            machine(json, first);
            results(json, first);
            if (reports.size() > 1) {
                json.writeArrayPropertyStart("furtherJobs");
                for (final DiskReport further : reports.subList(1, reports.size())) {
                    json.writeStartObject();
                    scenario(json, further);
                    results(json, further);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void results(final JsonGenerator json, final DiskReport report) {
        json.writeArrayPropertyStart("results");
        for (final DiskResult result : report.results()) {
            result(json, result);
        }
        json.writeEndArray();
    }

    private static void scenario(final JsonGenerator json, final DiskReport report) {
        final DiskScenario scenario = report.scenario();
        json.writeObjectPropertyStart("scenario");
        json.writeStringProperty("workload", "disk");
        json.writeStringProperty("pattern", scenario.pattern().label());
        json.writeNumberProperty("blockBytes", scenario.blockBytes());
        json.writeNumberProperty("depth", scenario.depth());
        json.writeNumberProperty("operations", scenario.operations());
        json.writeNumberProperty("seconds", scenario.seconds());
        json.writeNumberProperty("seed", scenario.seed());
        json.writeStringProperty("wakeups", scenario.wakeups().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("costs", scenario.costs().name());
        json.writeStringProperty("costsSource", scenario.costs().source());
        json.writeObjectPropertyStart("costsNanos");
        for (final Crossing crossing : Crossing.values()) {
            json.writeNumberProperty(name(crossing), scenario.costs().nanos(crossing));
        }
        json.writeEndObject();
        json.writeStringProperty("medium", report.medium());
        json.writeNumberProperty("mediumBytes", report.mediumBytes());
        json.writeEndObject();
    }

    private static void machine(final JsonGenerator json, final DiskReport report) {
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

    private static void result(final JsonGenerator json, final DiskResult result) {
        json.writeStartObject();
        json.writeStringProperty("device", result.device());
        json.writeNumberProperty("operations", result.operations());
        json.writeBooleanProperty("verified", result.verified());
        json.writeBooleanProperty("interrupted", result.interrupted());
        json.writeNumberProperty("failures", result.failures());
        json.writeNumberProperty("mismatches", result.mismatches());
        json.writeBooleanProperty("readBack", result.readBack());
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
        json.writeObjectPropertyStart("times");
        json.writeNumberProperty("elapsedNanos", result.elapsedNanos());
        json.writeNumberProperty("p50Nanos", result.latency().getValueAtPercentile(50));
        json.writeNumberProperty("p99Nanos", result.latency().getValueAtPercentile(99));
        json.writeNumberProperty("p999Nanos", result.latency().getValueAtPercentile(99.9));
        json.writeNumberProperty("maxNanos", result.latency().getMaxValue());
        json.writeNumberProperty("frontendCpuNanos", result.frontendCpuNanos());
        json.writeNumberProperty("backendCpuNanos", result.backendCpuNanos());
        json.writeNumberProperty("operationsPerSecond", result.operationsPerSecond());
        json.writeNumberProperty("megabytesPerSecond", result.megabytesPerSecond());
        json.writeEndObject();
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
