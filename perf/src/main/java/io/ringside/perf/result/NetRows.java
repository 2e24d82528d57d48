package io.ringside.perf.result;

import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetScenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A network card's measurements in the form that every device has. */
public final class NetRows {
    private NetRows() {}

    /** One fork of a job of the wall clock. */
    public static Job job(
            final NetScenario scenario, final Costs costs, final List<NetResult> results) {
        final List<Row> rows = new ArrayList<>();
        for (final NetResult result : results) {
            rows.add(row(result));
        }
        return new Job("net", echo(scenario), Clock.WALL, costs, rows);
    }

    /** Every option that decides a network's job, as it would be typed. */
    public static Map<String, String> echo(final NetScenario scenario) {
        final Map<String, String> echo = new LinkedHashMap<>();
        echo.put("stream", scenario.stream());
        echo.put("direction", scenario.direction().name().toLowerCase(Locale.ROOT));
        echo.put("wireGigabitsPerSecond", Integer.toString(scenario.gigabits()));
        echo.put("queues", Integer.toString(scenario.queues()));
        echo.put("seconds", Double.toString(scenario.seconds()));
        echo.put("wakeups", scenario.wakeups().name().toLowerCase(Locale.ROOT));
        return echo;
    }

    /** One device, one fork. */
    public static Row row(final NetResult result) {
        final List<LoadResult> loads = new ArrayList<>();
        loads.add(
                load(
                        Load.HIGHEST,
                        result.highest(),
                        found(result.highest())
                                .add(Metric.OFFERED_PER_SECOND, result.offeredPerSecond())
                                .add(Metric.OVERLOAD_LOST_WIRE, result.lostAtFullRate().wire())
                                .add(
                                        Metric.OVERLOAD_LOST_DEVICE,
                                        result.lostAtFullRate().device())));
        final List<String> notes = new ArrayList<>();
        final NetResult.Run replay = result.replay();
        if (replay != null) {
            loads.add(load(Load.REPLAY, replay, found(replay)));
            if (!result.isReplayed()) {
                notes.add("The capture did not arrive frame for frame.");
            }
        }
        loads.add(load(Load.HALF, result.half(), found(result.half())));
        loads.add(load(Load.MOST, result.most(), found(result.most())));
        return new Row(
                result.device(),
                DiskRows.features(result.device()),
                0,
                result.verified(),
                result.interrupted(),
                loads,
                notes);
    }

    private static Measurements found(final NetResult.Run run) {
        return new Measurements(run.arrived())
                .add(Metric.OPERATIONS_PER_SECOND, run.framesPerSecond())
                .add(Metric.GIGABITS_PER_SECOND, run.gigabitsPerSecond())
                .add(Metric.SENT, run.sent())
                .add(Metric.ARRIVED, run.arrived())
                .add(Metric.LOST_WIRE, run.losses().wire())
                .add(Metric.LOST_DEVICE, run.losses().device())
                .add(Metric.FOREIGN, run.foreign())
                .add(Metric.DISORDERED, run.disordered())
                .each(Metric.GUEST_CPU, run.use().frontendCpuNanos())
                .each(Metric.HOST_CPU, run.use().backendCpuNanos())
                .counts(run.use().frontend(), run.use().backend())
                .latency(run.latency());
    }

    private static LoadResult load(
            final Load load, final NetResult.Run run, final Measurements found) {
        return found.result(load, run.use().frontend(), run.use().backend(), run.latency());
    }
}
