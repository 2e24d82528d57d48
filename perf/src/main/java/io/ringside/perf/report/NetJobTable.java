package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A network job's part of {@link ResultTable}. */
final class NetJobTable {
    private static final double MILLION = 1e6;

    private NetJobTable() {}

    static String heading(final Job job) {
        final Map<String, String> scenario = job.scenario();
        final String gigabits = scenario.getOrDefault("wireGigabitsPerSecond", "?");
        final String queues = scenario.getOrDefault("queues", "?");
        return String.format(
                Locale.ROOT,
                "net: %s, %s, wire of %s, %s %s, open loop, %s s a run%n",
                scenario.getOrDefault("stream", "frames"),
                scenario.getOrDefault("direction", "tx").equals("tx")
                        ? "sent by the guest"
                        : "received by the guest",
                gigabits.equals("0") ? "any speed" : gigabits + " Gbit/s",
                queues,
                queues.equals("1") ? "queue" : "queues",
                scenario.getOrDefault("seconds", "?"));
    }

    private static String highest(final Job job) {
        return "at the highest rate without loss"
                + (job.clock() == Clock.MODELLED ? ", modelled" : "");
    }

    static String table(final Job job) {
        final TextTable table =
                new TextTable(
                                "device",
                                "exits",
                                "hypercalls",
                                "kicks",
                                "interrupts",
                                "grant ops",
                                "bytes copied",
                                "Mpackets/s",
                                ResultTable.spreadHeading(job),
                                "Gbit/s",
                                "guest ns/p",
                                "host ns/p",
                                "lost",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "checked")
                        .group("", 1)
                        .group("counts per packet (exact)", 6)
                        .group(highest(job), 5)
                        .group("full rate", 1)
                        .group("latency at 50 % of it", 3)
                        .group("latency at 90 % of it", 3)
                        .group("", 1);
        for (final Row row : job.rows()) {
            final LoadResult load = row.main();
            final LoadResult half = row.of(Load.HALF);
            final LoadResult most = row.of(Load.MOST);
            table.row(
                    row.device(),
                    ResultTable.count(load, Metric.EXITS),
                    ResultTable.count(load, Metric.HYPERCALLS),
                    ResultTable.count(load, Metric.KICKS),
                    ResultTable.count(load, Metric.INTERRUPTS),
                    ResultTable.count(load, Metric.GRANT_OPERATIONS),
                    ResultTable.number("%,.0f", load.median(Metric.BYTES_COPIED)),
                    ResultTable.number("%.3f", load.median(Metric.OPERATIONS_PER_SECOND) / MILLION),
                    ResultTable.spread(job, row, "%.3f", MILLION),
                    ResultTable.number("%.2f", load.median(Metric.GIGABITS_PER_SECOND)),
                    ResultTable.number("%,.0f", load.median(Metric.GUEST_CPU)),
                    ResultTable.number("%,.0f", load.median(Metric.HOST_CPU)),
                    ResultTable.number("%,.0f", lost(load)),
                    ResultTable.micros(half, Metric.LATENCY_P50),
                    ResultTable.micros(half, Metric.LATENCY_P99),
                    ResultTable.micros(half, Metric.LATENCY_P999),
                    ResultTable.micros(most, Metric.LATENCY_P50),
                    ResultTable.micros(most, Metric.LATENCY_P99),
                    ResultTable.micros(most, Metric.LATENCY_P999),
                    ResultTable.checked(row));
        }
        return table.text();
    }

    private static double lost(final LoadResult load) {
        return load.median(Metric.OVERLOAD_LOST_WIRE) + load.median(Metric.OVERLOAD_LOST_DEVICE);
    }

    static String meanings(final Job job) {
        return "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to host."
                + " interrupts: into the guest. grant ops: pages mapped and\n"
                + "unmapped, pieces copied. bytes copied: by the two halves. Gbit/s: on the wire,"
                + " with preamble, check sequence and gap. guest, host ns/p:\n"
                + "processor time of the two halves, the workload and the wire included. lost:"
                + " frames, "
                + offered(job)
                + ".\n"
                + "Open loop: latency runs from the time at which a frame was to be sent to its"
                + " arrival on the other side, of every seventh frame,\n"
                + "whatever became of those before.\n";
    }

    /** How frames were offered for the full rate: a sender is held back by its ring alone. */
    private static String offered(final Job job) {
        return job.scenario().getOrDefault("direction", "tx").equals("tx")
                ? "where the guest offered as many as its ring took"
                : "where all that the wire carries was offered";
    }

    static String faults(final Row row) {
        final StringBuilder text = new StringBuilder();
        final LoadResult replay = row.of(Load.REPLAY);
        if (replay != null) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s: of the capture's %,.0f frames %,.0f arrived as they are%s%n",
                            row.device(),
                            replay.median(Metric.SENT),
                            replay.median(Metric.ARRIVED),
                            replay.median(Metric.SENT) == replay.median(Metric.ARRIVED)
                                    ? ", in their order"
                                    : ": WRONG"));
        }
        if (lost(row.main()) > 0) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s: of %.3f million packets a second, %,.0f were lost before the"
                                    + " host's half took them and %,.0f between the two halves%n",
                            row.device(),
                            row.main().median(Metric.OFFERED_PER_SECOND) / MILLION,
                            row.main().median(Metric.OVERLOAD_LOST_WIRE),
                            row.main().median(Metric.OVERLOAD_LOST_DEVICE)));
        }
        for (final LoadResult load : row.verified() ? List.<LoadResult>of() : row.loads()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s is WRONG %s: in the worst run %s packets were altered or foreign,"
                                    + " %s out of order%n",
                            row.device(),
                            load.load().label(),
                            DiskJobTable.most(load, Metric.FOREIGN),
                            DiskJobTable.most(load, Metric.DISORDERED)));
        }
        return text.toString();
    }
}
