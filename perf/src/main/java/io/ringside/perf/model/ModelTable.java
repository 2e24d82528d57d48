package io.ringside.perf.model;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.Measured;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.report.TextTable;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.Sizes;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** Results of the modelled clock as text; no table has a column of any other clock. */
public final class ModelTable {
    private static final double NANOS_PER_MICRO = 1e3;

    private ModelTable() {}

    /** A disk's job. */
    public static String disk(
            final DiskScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final String medium,
            final List<DiskResult> results) {
        final TextTable table =
                table("IOPS", "MB/s", "p50 us", "p99 us", "guest us/op", "host us/op", "checked");
        for (final DiskResult result : results) {
            row(
                    table,
                    result,
                    String.format(Locale.ROOT, "%,.0f", result.operationsPerSecond()),
                    String.format(Locale.ROOT, "%,.1f", result.megabytesPerSecond()),
                    result.latency(),
                    result.frontendCpuNanos(),
                    result.backendCpuNanos());
        }
        final String length =
                scenario.operations() > 0
                        ? scenario.operations() + " operations a guest"
                        : scenario.seconds() + " s of simulated time";
        return String.format(
                        Locale.ROOT,
                        "disk: %s, %s blocks, depth %d, %s, seed %d%nmedium: %s%n",
                        scenario.pattern().label(),
                        Sizes.text(scenario.blockBytes()),
                        scenario.depth(),
                        length,
                        scenario.seed(),
                        medium)
                + clock(profile, setup, true, results)
                + table.text();
    }

    /** A network's job. */
    public static String net(
            final NetScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final List<NetResult> results) {
        final TextTable table =
                table(
                        "frames/s",
                        "Gbit/s",
                        "p50 us",
                        "p99 us",
                        "guest us/op",
                        "host us/op",
                        "checked");
        for (final NetResult result : results) {
            row(
                    table,
                    result,
                    String.format(Locale.ROOT, "%,.0f", result.operationsPerSecond()),
                    String.format(Locale.ROOT, "%,.2f", result.highest().gigabitsPerSecond()),
                    result.most().latency(),
                    result.highest().use().frontendCpuNanos(),
                    result.highest().use().backendCpuNanos());
        }
        return String.format(
                        Locale.ROOT,
                        "net: %s, %s, wire %s, %s s of simulated time; latency at 90 %% of the"
                                + " highest rate without loss%n",
                        scenario.stream(),
                        scenario.direction().name().toLowerCase(Locale.ROOT),
                        scenario.gigabits() == 0 ? "of any rate" : scenario.gigabits() + " Gbit/s",
                        scenario.seconds())
                + clock(profile, setup, false, results)
                + table.text();
    }

    private static TextTable table(final String... times) {
        final String[] headings = new String[times.length + 6];
        headings[0] = "device";
        headings[1] = "exits";
        headings[2] = "hypercalls";
        headings[3] = "kicks";
        headings[4] = "interrupts";
        headings[5] = "grant ops";
        System.arraycopy(times, 0, headings, 6, times.length);
        return new TextTable(headings)
                .group("", 1)
                .group("counts per operation", 5)
                .group("times (modelled clock, not this machine's)", 6)
                .group("", 1);
    }

    private static void row(
            final TextTable table,
            final Measured result,
            final String rate,
            final String volume,
            final Histogram latency,
            final long guestNanos,
            final long hostNanos) {
        final double operations = Math.max(1, result.operations());
        table.row(
                result.device(),
                count(result.exits(), operations),
                count(result.hypercalls(), operations),
                count(result.kicks(), operations),
                count(result.interrupts(), operations),
                count(result.grantOperations(), operations),
                rate,
                volume,
                micros(latency.getValueAtPercentile(50)),
                micros(latency.getValueAtPercentile(99)),
                micros((double) guestNanos / operations),
                micros((double) hostNanos / operations),
                result.verified() ? "ok" : "WRONG");
    }

    private static String clock(
            final CostProfile profile,
            final ModelSetup setup,
            final boolean hasMedium,
            final List<? extends Measured> results) {
        final StringBuilder text = new StringBuilder();
        text.append("clock: modelled, every time computed from profile '")
                .append(profile.name())
                .append("' (")
                .append(profile.about())
                .append("); nothing below was timed\n");
        text.append("model: ")
                .append(setup.guests())
                .append(setup.guests() == 1 ? " guest; " : " guests; ")
                .append(
                        setup.hostProcessors() == 0
                                ? "a processor of the host for each"
                                : setup.hostProcessors() + " processors of the host")
                .append("; ")
                .append(
                        setup.guestWorkNanos() + setup.hostWorkNanos() == 0
                                ? "crossings and copies only, no software beside"
                                : "work of "
                                        + setup.guestWorkNanos()
                                        + " ns an operation in the guest and "
                                        + setup.hostWorkNanos()
                                        + " in the host");
        if (hasMedium) {
            text.append("; ").append(medium(setup.medium()));
        }
        text.append('\n');
        final List<CostKey> assumed = profile.assumed(used(setup, results));
        if (!assumed.isEmpty()) {
            text.append("prediction: assumed are");
            for (int i = 0; i < assumed.size(); i++) {
                text.append(i == 0 ? " " : ", ").append(assumed.get(i).label());
            }
            text.append('\n');
        }
        return text.append('\n').toString();
    }

    /** What the runs took time for. */
    private static Set<CostKey> used(
            final ModelSetup setup, final List<? extends Measured> results) {
        final Set<CostKey> used =
                EnumSet.of(CostKey.WAKE, CostKey.COPY_BYTE, CostKey.LINE_TRANSFER);
        if (setup.hostProcessors() > 0) {
            used.add(CostKey.THREAD_SWITCH);
        }
        for (final Measured result : results) {
            for (final Crossing crossing : Crossing.values()) {
                if (result.frontend().count(crossing) + result.backend().count(crossing) > 0) {
                    used.add(CostKey.of(crossing));
                }
            }
        }
        return used;
    }

    private static String medium(final MediumTime time) {
        if (time.isMemory()) {
            return "a medium in memory, whose bytes a processor copies";
        }
        return "a medium of "
                + micros(time.latencyNanos())
                + " us"
                + (time.parallel() == 0 ? "" : ", " + time.parallel() + " at once")
                + (time.bytesPerSecond() == 0
                        ? ""
                        : ", " + Sizes.text(time.bytesPerSecond()) + " a second");
    }

    private static String count(final long count, final double operations) {
        return String.format(Locale.ROOT, "%.3f", count / operations);
    }

    private static String micros(final double nanos) {
        return String.format(Locale.ROOT, "%,.1f", nanos / NANOS_PER_MICRO);
    }
}
