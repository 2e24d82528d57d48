package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result as aligned text, for a terminal: medians of the forks, how far they lie apart, and what
 * to make of it.
 */
public final class ResultTable {
    private ResultTable() {}

    /** All jobs and sweeps, one after the other. */
    public static String text(final ResultDocument result) {
        final StringBuilder text = new StringBuilder();
        for (final Job job : result.jobs()) {
            text.append(text.isEmpty() ? "" : "\n").append(job(job, result.machine()));
        }
        for (final Sweep sweep : result.sweeps()) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(SweepTable.text(sweep))
                    .append(machine(result.machine()));
        }
        return text.append(busy(result)).toString();
    }

    private static String job(final Job job, final Machine machine) {
        final boolean isNet = job.workload().equals("net");
        final StringBuilder text = new StringBuilder();
        text.append(isNet ? NetJobTable.heading(job) : DiskJobTable.heading(job))
                .append(method(job))
                .append(machine(machine))
                .append('\n')
                .append(isNet ? NetJobTable.table(job) : DiskJobTable.table(job))
                .append('\n')
                .append(isNet ? NetJobTable.meanings(job) : DiskJobTable.meanings());
        text.append(times(job));
        for (final Row row : job.rows()) {
            if (isNet) {
                text.append(NetJobTable.faults(row));
            } else {
                text.append(DiskJobTable.faults(row));
            }
            if (row.interrupted()) {
                text.append(row.device())
                        .append(" was interrupted: its row holds what was measured so far\n");
            }
        }
        final String operation = isNet ? "packet" : "operation";
        final String prediction = Words.prediction(job);
        return text.append(prediction.isEmpty() ? "" : prediction + "\n")
                .append(notes(job))
                .append(JobRatios.text(job, operation + 's'))
                .append(JobGains.text(job, operation))
                .toString();
    }

    /** Each sentence once, behind the devices that it is of. */
    private static String notes(final Job job) {
        final Map<String, List<String>> devices = new LinkedHashMap<>();
        for (final Row row : job.rows()) {
            for (final String note : row.notes()) {
                devices.computeIfAbsent(note, each -> new ArrayList<>()).add(row.device());
            }
        }
        final StringBuilder text = new StringBuilder();
        devices.forEach((note, of) ->
                text.append(String.join(", ", of)).append(": ").append(note).append('\n'));
        return text.toString();
    }

    /** How often it was run, and what the figures are then. */
    private static String method(final Job job) {
        if (job.clock() == Clock.MODELLED) {
            return "clock: modelled, nothing was timed: the real halves ran in simulated time, and"
                    + " would come out the same again\nmodelled: "
                    + Words.setup(job)
                    + "; "
                    + Words.software(job)
                    + '\n';
        }
        final int forks = forks(job);
        return forks < 2
                ? "method: one run of each device, so nothing tells how far its times would"
                        + " scatter\n"
                : "method: medians of "
                        + forks
                        + " forks, each a fresh process with another order of the devices; ± is"
                        + " half of what lies between the least and the most\n";
    }

    private static int forks(final Job job) {
        int forks = 1;
        for (final Row row : job.rows()) {
            forks = Math.max(forks, row.main().forks());
        }
        return forks;
    }

    static String machine(final Machine machine) {
        return String.format(
                Locale.ROOT,
                "machine: %s, %d processors, %s, %s%n",
                machine.processor(),
                machine.processors(),
                machine.jdk(),
                machine.date());
    }

    private static String times(final Job job) {
        final String costs =
                "crossings are charged by profile '"
                        + job.costs().name()
                        + "' ("
                        + job.costs().source()
                        + ").\n";
        if (job.clock() == Clock.MODELLED) {
            return "times: of the modelled clock, the same on every machine; "
                    + costs
                    + "range of costs: all of the profile's figures at their least, and all at"
                    + " their most.\n";
        }
        return "times: "
                + ("poll".equals(job.scenario().get("wakeups"))
                        ? "both halves poll and are never woken; "
                        : "a half with nothing to do sleeps until it is woken; ")
                + costs;
    }

    private static String busy(final ResultDocument result) {
        return result.hasWallTimes() && result.noise().isBusy()
                ? String.format(
                        Locale.ROOT,
                        "%nOthers kept the machine busy (%.1f of %d processors): do not trust the"
                                + " times; end what else runs and repeat.%n",
                        result.noise().most(),
                        result.machine().processors())
                : "";
    }

    /** A count of an operation. */
    static String count(final LoadResult load, final Metric metric) {
        return number("%.3f", load.median(metric));
    }

    /** A time in microseconds. */
    static String micros(final @Nullable LoadResult load, final Metric metric) {
        return load == null || load.of(metric) == null
                ? "-"
                : number("%,.1f", load.median(metric) / 1000);
    }

    /** What {@link #spread} is called. */
    static String spreadHeading(final Job job) {
        return job.clock() == Clock.MODELLED ? "range of costs" : "± %";
    }

    /**
     * How far the forks of a rate lie from its median, in percent; of a modelled clock, where all
     * forks are the same, what the range of the costs makes of the rate.
     *
     * @param unit what the rate is divided by
     */
    static String spread(final Job job, final Row row, final String format, final double unit) {
        if (job.clock() == Clock.MODELLED) {
            final Range band = Charges.band(job, row);
            return band == null
                    ? "-"
                    : number(format, band.least() / unit)
                            + " to "
                            + number(format, band.most() / unit);
        }
        final Series rate = row.main().of(Metric.OPERATIONS_PER_SECOND);
        return rate == null || rate.forks() < 2 ? "-" : number("%.1f", rate.spread() / 2 * 100);
    }

    static String checked(final Row row) {
        if (!row.verified()) {
            return "WRONG";
        }
        return row.interrupted() ? "stopped" : "ok";
    }

    static String number(final String format, final double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
