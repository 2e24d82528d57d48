package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A result as aligned text, for a terminal. */
public final class ResultTable {
    private ResultTable() {}

    /** All jobs and sweeps, one after the other. */
    public static String text(final ResultDocument document) {
        final StringBuilder text = new StringBuilder();
        for (final Job job : document.jobs()) {
            text.append(text.isEmpty() ? "" : "\n").append(text(document, job));
        }
        for (final Sweep sweep : document.sweeps()) {
            text.append(text.isEmpty() ? "" : "\n").append(text(document, sweep));
        }
        return text.toString();
    }

    private static String text(final ResultDocument document, final Job job) {
        final boolean net = job.workload().equals("net");
        return heading(document, job)
                + '\n'
                + (net ? NetColumns.table(job) : DiskColumns.table(job))
                + '\n'
                + (net ? NetColumns.MEANINGS : DiskColumns.MEANINGS)
                + times(job)
                + rows(job)
                + line(Words.prediction(job))
                + line(Words.noise(document))
                + DeviceRatios.text(job)
                + FeatureGains.text(job.rows(), Words.operation(job));
    }

    private static String heading(final ResultDocument document, final Job job) {
        final StringBuilder text =
                new StringBuilder(Words.title(job)).append(Words.length(job)).append('\n');
        final String medium = job.scenario().get("medium");
        if (medium != null) {
            text.append("medium: ")
                    .append(medium)
                    .append(", ")
                    .append(Words.size(job.scenario().getOrDefault("mediumBytes", "unknown")))
                    .append('\n');
        }
        final Machine machine = document.machine();
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "machine: %s, %d processors, %s, %s%n",
                                machine.processor(),
                                machine.processors(),
                                machine.jdk(),
                                machine.date()))
                .append(forks(job))
                .toString();
    }

    private static String forks(final Job job) {
        double spread = 0;
        for (final Row row : job.rows()) {
            final Series rate = row.main().of(Metric.OPERATIONS_PER_SECOND);
            spread = Math.max(spread, rate == null ? 0 : rate.spread());
        }
        return job.rows().stream().allMatch(row -> row.main().forks() < 2)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s: figures are medians; operations a second spread by up to %.0f %%%n",
                        Words.forks(job),
                        spread * 100);
    }

    private static String times(final Job job) {
        if (job.clock() == Clock.MODELLED) {
            return "times: computed by the modelled clock from profile '"
                    + job.costs().name()
                    + "' ("
                    + job.costs().source()
                    + ").\n";
        }
        return "times: "
                + ("poll".equals(job.scenario().get("wakeups"))
                        ? "both halves poll and are never woken"
                        : "a half with nothing to do sleeps until it is woken")
                + "; crossings are charged by profile '"
                + job.costs().name()
                + "' ("
                + job.costs().source()
                + ").\n";
    }

    private static String rows(final Job job) {
        final StringBuilder text = new StringBuilder();
        for (final Row row : job.rows()) {
            if (job.workload().equals("net")) {
                text.append(NetColumns.notes(row));
            }
            if (!row.verified()) {
                text.append(row.device()).append(" is WRONG");
                for (final LoadResult load : row.loads()) {
                    faults(text, load);
                }
                text.append('\n');
            }
            for (final String note : row.notes()) {
                text.append(row.device()).append(": ").append(note).append('\n');
            }
            if (row.interrupted()) {
                text.append(row.device())
                        .append(" was interrupted: its row holds what was measured so far\n");
            }
        }
        return text.toString();
    }

    private static void faults(final StringBuilder text, final LoadResult load) {
        for (final Metric metric :
                new Metric[] {
                    Metric.FAILURES, Metric.MISMATCHES, Metric.FOREIGN, Metric.DISORDERED
                }) {
            final Series series = load.of(metric);
            if (series != null && series.most() > 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "; %,.0f %s %s",
                                series.most(),
                                metric.label(),
                                load.load().label()));
            }
        }
    }

    private static String text(final ResultDocument document, final Sweep sweep) {
        final Set<String> devices = new LinkedHashSet<>();
        sweep.points()
                .forEach(point -> point.job().rows().forEach(row -> devices.add(row.device())));
        final StringBuilder text = new StringBuilder();
        for (final Clock clock : Clock.values()) {
            if (sweep.points().stream().noneMatch(point -> point.job().clock() == clock)) {
                continue;
            }
            final String[] headings = new String[devices.size() + 1];
            headings[0] = sweep.parameter();
            System.arraycopy(devices.toArray(String[]::new), 0, headings, 1, devices.size());
            final TextTable table =
                    new TextTable(headings)
                            .group("", 1)
                            .group(
                                    "operations a second (" + Words.clock(clock) + ")",
                                    devices.size());
            for (final Sweep.Point point : sweep.points()) {
                if (point.job().clock() == clock) {
                    table.row(cells(point, devices));
                }
            }
            text.append("sweep of ")
                    .append(sweep.workload())
                    .append(" over ")
                    .append(sweep.parameter())
                    .append("\n\n")
                    .append(table.text());
        }
        if (!sweep.missing().isEmpty()) {
            text.append("\nparts ")
                    .append(sweep.missing())
                    .append(" of ")
                    .append(sweep.shards())
                    .append(" are not here: './ringside report --merge' puts parts together\n");
        }
        return text.append(line(Words.noise(document))).toString();
    }

    private static String[] cells(final Sweep.Point point, final Set<String> devices) {
        final String[] cells = new String[devices.size() + 1];
        cells[0] = point.value();
        int i = 1;
        for (final String device : devices) {
            final Row row = point.job().row(device);
            cells[i++] = row == null ? "-" : cell(row.main(), Metric.OPERATIONS_PER_SECOND, 1, 0);
        }
        return cells;
    }

    /** A median, in units of so many, with so many digits behind the point. */
    static String cell(
            final @Nullable LoadResult load,
            final Metric metric,
            final double unit,
            final int digits) {
        final Series series = load == null ? null : load.of(metric);
        return series == null
                ? "-"
                : String.format(Locale.ROOT, "%,." + digits + "f", series.median() / unit);
    }

    /** Whether what a row brought was right. */
    static String checked(final Row row) {
        if (!row.verified()) {
            return "WRONG";
        }
        return row.interrupted() ? "stopped" : "ok";
    }

    /** The columns' name for a job's times. */
    static String times(final Job job, final String wall) {
        return job.clock() == Clock.WALL ? wall : "times (modelled clock)";
    }

    private static String line(final String text) {
        return text.isEmpty() ? "" : text + '\n';
    }
}
