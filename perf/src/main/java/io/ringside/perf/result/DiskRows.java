package io.ringside.perf.result;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskScenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A disk's measurements in the form that every device has. */
public final class DiskRows {
    private DiskRows() {}

    /**
     * One fork of a job of the wall clock.
     *
     * @param medium what stood behind the backends, in words
     * @param mediumBytes its size
     */
    public static Job job(
            final DiskScenario scenario,
            final Costs costs,
            final String medium,
            final long mediumBytes,
            final List<DiskResult> results) {
        final List<Row> rows = new ArrayList<>();
        for (final DiskResult result : results) {
            rows.add(row(result));
        }
        return new Job("disk", echo(scenario, medium, mediumBytes), Clock.WALL, costs, rows);
    }

    /** Every option that decides a disk's job, as it would be typed. */
    public static Map<String, String> echo(
            final DiskScenario scenario, final String medium, final long mediumBytes) {
        final Map<String, String> echo = new LinkedHashMap<>();
        echo.put("pattern", scenario.pattern().label());
        echo.put("blockBytes", Integer.toString(scenario.blockBytes()));
        echo.put("depth", Integer.toString(scenario.depth()));
        echo.put("operations", Long.toString(scenario.operations()));
        echo.put("seconds", Double.toString(scenario.seconds()));
        echo.put("seed", Long.toString(scenario.seed()));
        echo.put("wakeups", scenario.wakeups().name().toLowerCase(Locale.ROOT));
        echo.put("stringIo", scenario.stringIoLabel());
        echo.put("medium", medium);
        echo.put("mediumBytes", Long.toString(mediumBytes));
        return echo;
    }

    /** One device, one fork. */
    public static Row row(final DiskResult result) {
        final Measurements found =
                new Measurements(result.operations())
                        .add(Metric.OPERATIONS_PER_SECOND, result.operationsPerSecond())
                        .add(Metric.MEGABYTES_PER_SECOND, result.megabytesPerSecond())
                        .add(Metric.ELAPSED, result.elapsedNanos())
                        .add(Metric.FAILURES, result.failures())
                        .add(Metric.MISMATCHES, result.mismatches())
                        .add(Metric.DISCARDS, result.discards())
                        .each(Metric.GUEST_CPU, result.frontendCpuNanos())
                        .each(Metric.HOST_CPU, result.backendCpuNanos())
                        .counts(result.frontend(), result.backend())
                        .latency(result.latency());
        final List<String> notes = new ArrayList<>();
        if (!result.readBack()) {
            notes.add("What was written was not found again by another path.");
        }
        return new Row(
                result.device(),
                features(result.device()),
                result.operationBytes(),
                result.verified(),
                result.interrupted(),
                List.of(
                        found.result(
                                Load.HIGHEST,
                                result.frontend(),
                                result.backend(),
                                result.latency())),
                notes);
    }

    /** The features in a device's name. */
    static List<String> features(final String device) {
        final String[] parts = device.split("\\+", -1);
        return List.of(parts).subList(1, parts.length);
    }
}
