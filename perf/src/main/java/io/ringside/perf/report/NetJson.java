package io.ringside.perf.report;

import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetScenario;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** A network comparison's part of {@link ReportJson}. */
final class NetJson {
    private NetJson() {}

    /** Scenario and results, as properties of the object that is being written. */
    static void job(final JsonGenerator json, final NetReport report) {
        final NetScenario scenario = report.scenario();
        json.writeObjectPropertyStart("scenario");
        json.writeStringProperty("workload", "net");
        json.writeStringProperty("stream", scenario.stream());
        json.writeStringProperty("direction", scenario.direction().name().toLowerCase(Locale.ROOT));
        json.writeNumberProperty("wireGigabitsPerSecond", scenario.gigabits());
        json.writeNumberProperty("queues", scenario.queues());
        json.writeNumberProperty("seconds", scenario.seconds());
        ReportJson.charges(json, scenario.wakeups(), scenario.costs());
        json.writeEndObject();
        json.writeArrayPropertyStart("results");
        for (final NetResult result : report.results()) {
            result(json, result);
        }
        json.writeEndArray();
    }

    private static void result(final JsonGenerator json, final NetResult result) {
        json.writeStartObject();
        json.writeStringProperty("device", result.device());
        json.writeNumberProperty("packets", result.operations());
        json.writeBooleanProperty("verified", result.verified());
        json.writeBooleanProperty("interrupted", result.interrupted());
        ReportJson.counts(json, result);
        json.writeObjectPropertyStart("fullRate");
        json.writeNumberProperty("offeredPacketsPerSecond", result.offeredPerSecond());
        json.writeNumberProperty("lostBeforeTheHost", result.lostAtFullRate().wire());
        json.writeNumberProperty("lostBetweenTheHalves", result.lostAtFullRate().device());
        json.writeEndObject();
        final NetResult.Run replay = result.replay();
        if (replay != null) {
            json.writeBooleanProperty("replayed", result.isReplayed());
            run(json, "replay", replay);
        }
        run(json, "highestWithoutLoss", result.highest());
        run(json, "at50Percent", result.half());
        run(json, "at90Percent", result.most());
        json.writeEndObject();
    }

    private static void run(final JsonGenerator json, final String name, final NetResult.Run run) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("sent", run.sent());
        json.writeNumberProperty("arrived", run.arrived());
        json.writeNumberProperty("lostBeforeTheHost", run.losses().wire());
        json.writeNumberProperty("lostBetweenTheHalves", run.losses().device());
        json.writeNumberProperty("foreign", run.foreign());
        json.writeNumberProperty("disordered", run.disordered());
        json.writeNumberProperty("packetsPerSecond", run.framesPerSecond());
        json.writeNumberProperty("gigabitsPerSecond", run.gigabitsPerSecond());
        json.writeNumberProperty("frontendCpuNanos", run.use().frontendCpuNanos());
        json.writeNumberProperty("backendCpuNanos", run.use().backendCpuNanos());
        ReportJson.latency(json, run.latency());
        json.writeEndObject();
    }
}
