package io.ringside.cli;

import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All points of a sweep, each with its jobs: every combination of the parameters' values, the last
 * parameter changing fastest.
 *
 * @param parameter the parameters' names
 * @param values the points' values, in order
 * @param points the jobs of each point; as many for every one
 */
record SweepPlan(String parameter, List<String> values, List<List<JobSpec>> points) {
    private static final String BETWEEN = ", ";
    private static final int MOST_POINTS = 10_000;
    private static final String BRIEF_SECONDS = "0.3";

    SweepPlan {
        values = List.copyOf(values);
        points = List.copyOf(points);
    }

    /**
     * Plans a sweep; whatever cannot be run is refused here.
     *
     * @param texts the parameters, as they are typed
     * @param said of jobs beside them
     * @param run knows the scenario file
     */
    static SweepPlan of(
            final List<String> texts, final Map<String, String> said, final RunOptions run)
            throws UsageException {
        final List<SweepParameter> parameters = new ArrayList<>();
        final Set<String> names = new LinkedHashSet<>();
        long count = 1;
        for (final String text : texts) {
            final SweepParameter parameter = SweepParameter.of(text, said);
            if (!names.add(parameter.name()) || said.containsKey(parameter.name())) {
                throw new UsageException(
                        "'" + parameter.name() + "' is said twice: say it once, as a parameter");
            }
            parameters.add(parameter);
            count = Math.min(count * parameter.values().size(), Integer.MAX_VALUE);
        }
        if (count > MOST_POINTS) {
            throw new UsageException(
                    "the sweep has " + count + " points: at most " + MOST_POINTS + " can be run");
        }
        final Map<String, String> base = withDefaults(parameters, said, run.hasFile());
        final List<String> values = new ArrayList<>();
        final List<List<JobSpec>> points = new ArrayList<>();
        for (int point = 0; point < count; point++) {
            final Map<String, String> options = new LinkedHashMap<>(base);
            values.add(choose(parameters, point, options));
            final List<JobSpec> jobs = run.jobs(null, options);
            if (!points.isEmpty() && jobs.size() != points.getFirst().size()) {
                throw new UsageException(
                        "the sweep has another number of jobs at "
                                + values.getLast()
                                + " than at "
                                + values.getFirst()
                                + ": say more of the job");
            }
            points.add(jobs);
        }
        return new SweepPlan(String.join(BETWEEN, names), values, points);
    }

    /** Without a file: each device as it is, briefly, and only those that have what is varied. */
    private static Map<String, String> withDefaults(
            final List<SweepParameter> parameters,
            final Map<String, String> said,
            final boolean hasFile) {
        final Map<String, String> base = new LinkedHashMap<>(said);
        if (hasFile) {
            return base;
        }
        final Set<String> devices = new LinkedHashSet<>(DiskDevices.ALL.devices());
        devices.addAll(NetDevices.ALL.devices());
        boolean isLimited = false;
        for (final SweepParameter parameter : parameters) {
            if (!parameter.devices().isEmpty()) {
                devices.retainAll(parameter.devices());
                isLimited = true;
            }
        }
        if (isLimited && !devices.isEmpty()) {
            base.putIfAbsent("devices", String.join(",", devices));
        }
        if (!base.containsKey("devices")) {
            base.putIfAbsent("features", "none");
        }
        if (!base.containsKey("ops") && !varies(parameters, "ops")) {
            base.putIfAbsent("seconds", BRIEF_SECONDS);
        }
        return base;
    }

    private static boolean varies(final List<SweepParameter> parameters, final String name) {
        return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
    }

    /** Puts a point's values into options; the values as the point's name. */
    private static String choose(
            final List<SweepParameter> parameters,
            final int point,
            final Map<String, String> options) {
        final String[] chosen = new String[parameters.size()];
        int rest = point;
        for (int i = parameters.size() - 1; i >= 0; i--) {
            final List<String> values = parameters.get(i).values();
            chosen[i] = values.get(rest % values.size());
            rest /= values.size();
        }
        for (int i = 0; i < chosen.length; i++) {
            parameters.get(i).put(options, chosen[i]);
        }
        return String.join(BETWEEN, chosen);
    }
}
