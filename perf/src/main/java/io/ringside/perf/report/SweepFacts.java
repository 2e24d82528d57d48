package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The points of a sweep that are of one clock, which share columns and curves, and what their times
 * rest on.
 *
 * @param clock whose times
 * @param points at least one, in the order of the values
 */
record SweepFacts(Clock clock, List<Sweep.Point> points) {
    private static final int MOST_NAMES = 3;

    /** The clocks of a sweep, each with its points. */
    static List<SweepFacts> of(final Sweep sweep) {
        final List<SweepFacts> facts = new ArrayList<>();
        for (final Clock clock : Clock.values()) {
            final List<Sweep.Point> points =
                    sweep.points().stream().filter(each -> each.job().clock() == clock).toList();
            if (!points.isEmpty()) {
                facts.add(new SweepFacts(clock, points));
            }
        }
        return facts;
    }

    /** The devices that were run at any of the points. */
    Set<String> devices() {
        final Set<String> devices = new LinkedHashSet<>();
        for (final Sweep.Point point : points) {
            for (final Row row : point.job().rows()) {
                devices.add(row.device());
            }
        }
        return devices;
    }

    /** By which cost profiles crossings are charged; the first and the last where costs vary. */
    String profiles() {
        final Set<String> distinct = new LinkedHashSet<>();
        for (final Sweep.Point point : points) {
            distinct.add("'" + point.job().costs().name() + "'");
        }
        final List<String> names = List.copyOf(distinct);
        if (names.size() == 1) {
            return "crossings are charged by profile "
                    + names.getFirst()
                    + " ("
                    + points.getFirst().job().costs().source()
                    + ")";
        }
        return "crossings are charged by the profiles "
                + (names.size() > MOST_NAMES
                        ? names.getFirst() + " to " + names.getLast()
                        : String.join(", ", names));
    }

    /** Why figures are predictions, by the point that rests on most; empty where none is one. */
    String prediction() {
        Job most = points.getFirst().job();
        for (final Sweep.Point point : points) {
            if (Charges.assumed(point.job()).size() > Charges.assumed(most).size()) {
                most = point.job();
            }
        }
        return Words.prediction(most);
    }
}
