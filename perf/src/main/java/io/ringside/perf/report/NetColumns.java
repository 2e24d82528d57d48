package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The columns of a network card's table. */
final class NetColumns {
    /** What they mean. */
    static final String MEANINGS =
            "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to host."
                + " interrupts: into the guest.\n"
                + "grant ops: pages mapped and unmapped, pieces copied. bytes copied: by the two"
                + " halves. Gbit/s: on the wire, with preamble, check\n"
                + "sequence and gap. guest, host ns/p: processor time of the two halves, the"
                + " workload and the wire included. lost: frames, where all\n"
                + "that the wire carries was offered. latency: from the time at which a frame was"
                + " to be sent to its arrival on the other side, of\n"
                + "every seventh frame, whatever became of those before.\n";

    private static final double MICRO = 1000;
    private static final double MILLION = 1e6;

    private NetColumns() {}

    /** The table: a row a device. */
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
                        .group("at the highest rate without loss", 4)
                        .group("full rate", 1)
                        .group("latency at 50 % of it", 3)
                        .group("latency at 90 % of it", 3)
                        .group("", 1);
        for (final Row row : job.rows()) {
            table.row(cells(row));
        }
        return table.text();
    }

    private static String[] cells(final Row row) {
        final LoadResult load = row.main();
        final List<String> cells = new ArrayList<>();
        cells.add(row.device());
        cells.add(ResultTable.cell(load, Metric.EXITS, 1, 3));
        cells.add(ResultTable.cell(load, Metric.HYPERCALLS, 1, 3));
        cells.add(ResultTable.cell(load, Metric.KICKS, 1, 3));
        cells.add(ResultTable.cell(load, Metric.INTERRUPTS, 1, 3));
        cells.add(ResultTable.cell(load, Metric.GRANT_OPERATIONS, 1, 3));
        cells.add(ResultTable.cell(load, Metric.BYTES_COPIED, 1, 0));
        cells.add(ResultTable.cell(load, Metric.OPERATIONS_PER_SECOND, MILLION, 3));
        cells.add(ResultTable.cell(load, Metric.GIGABITS_PER_SECOND, 1, 2));
        cells.add(ResultTable.cell(load, Metric.GUEST_CPU, 1, 0));
        cells.add(ResultTable.cell(load, Metric.HOST_CPU, 1, 0));
        cells.add(String.format(Locale.ROOT, "%,.0f", lost(load)));
        latency(cells, row.of(Load.HALF));
        latency(cells, row.of(Load.MOST));
        cells.add(ResultTable.checked(row));
        return cells.toArray(String[]::new);
    }

    private static void latency(final List<String> cells, final @Nullable LoadResult load) {
        cells.add(ResultTable.cell(load, Metric.LATENCY_P50, MICRO, 1));
        cells.add(ResultTable.cell(load, Metric.LATENCY_P99, MICRO, 1));
        cells.add(ResultTable.cell(load, Metric.LATENCY_P999, MICRO, 1));
    }

    private static double lost(final LoadResult load) {
        return load.median(Metric.OVERLOAD_LOST_WIRE) + load.median(Metric.OVERLOAD_LOST_DEVICE);
    }

    /** What became of a capture, and where packets were lost. */
    static String notes(final Row row) {
        final StringBuilder text = new StringBuilder();
        final LoadResult replay = row.of(Load.REPLAY);
        if (replay != null) {
            final double sent = replay.median(Metric.SENT);
            final double arrived = replay.median(Metric.ARRIVED);
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s: of the capture's %,.0f frames %,.0f arrived as they are%s%n",
                            row.device(),
                            sent,
                            arrived,
                            sent == arrived && replay.median(Metric.DISORDERED) == 0
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
        return text.toString();
    }
}
