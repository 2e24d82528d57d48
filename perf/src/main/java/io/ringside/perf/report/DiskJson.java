package io.ringside.perf.report;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskScenario;
import tools.jackson.core.JsonGenerator;

/** A disk comparison's part of {@link ReportJson}. */
final class DiskJson {
    private DiskJson() {}

    /** Scenario and results, as properties of the object that is being written. */
    static void job(final JsonGenerator json, final DiskReport report) {
        scenario(json, report);
        results(json, report);
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
        ReportJson.charges(json, scenario.wakeups(), scenario.costs());
        json.writeStringProperty("medium", report.medium());
        json.writeNumberProperty("mediumBytes", report.mediumBytes());
        json.writeEndObject();
    }

    private static void result(final JsonGenerator json, final DiskResult result) {
        json.writeStartObject();
        json.writeStringProperty("device", result.device());
        json.writeNumberProperty("operations", result.operations());
        json.writeBooleanProperty("verified", result.verified());
        json.writeBooleanProperty("interrupted", result.interrupted());
        json.writeNumberProperty("discards", result.discards());
        json.writeNumberProperty("failures", result.failures());
        json.writeNumberProperty("mismatches", result.mismatches());
        json.writeBooleanProperty("readBack", result.readBack());
        ReportJson.counts(json, result);
        json.writeObjectPropertyStart("times");
        json.writeNumberProperty("elapsedNanos", result.elapsedNanos());
        ReportJson.latency(json, result.latency());
        json.writeNumberProperty("frontendCpuNanos", result.frontendCpuNanos());
        json.writeNumberProperty("backendCpuNanos", result.backendCpuNanos());
        json.writeNumberProperty("operationsPerSecond", result.operationsPerSecond());
        json.writeNumberProperty("megabytesPerSecond", result.megabytesPerSecond());
        json.writeEndObject();
        json.writeEndObject();
    }
}
