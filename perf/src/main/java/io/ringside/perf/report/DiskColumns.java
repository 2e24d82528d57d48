package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;

/** The columns of a disk's table. */
final class DiskColumns {
    /** What they mean. */
    static final String MEANINGS =
            "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to host."
                    + " interrupts: into the guest.\n"
                    + "grant ops: pages of the guest mapped and unmapped by the host.\n"
                    + "bytes copied: by the two halves; the medium's own copy is not among them."
                    + " guest, host us/op: processor time of the two halves\n"
                    + "(of an emulated device: time inside its model); the workers of a file medium"
                    + " are in neither.\n";

    private static final double MICRO = 1000;

    private DiskColumns() {}

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
                                "IOPS",
                                "MB/s",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "guest us/op",
                                "host us/op",
                                "checked")
                        .group("", 1)
                        .group("counts per operation (exact)", 6)
                        .group(ResultTable.times(job, "times (this machine, this run)"), 7)
                        .group("", 1);
        for (final Row row : job.rows()) {
            final LoadResult load = row.main();
            table.row(
                    row.device(),
                    ResultTable.cell(load, Metric.EXITS, 1, 3),
                    ResultTable.cell(load, Metric.HYPERCALLS, 1, 3),
                    ResultTable.cell(load, Metric.KICKS, 1, 3),
                    ResultTable.cell(load, Metric.INTERRUPTS, 1, 3),
                    ResultTable.cell(load, Metric.GRANT_OPERATIONS, 1, 3),
                    ResultTable.cell(load, Metric.BYTES_COPIED, 1, 0),
                    ResultTable.cell(load, Metric.OPERATIONS_PER_SECOND, 1, 0),
                    ResultTable.cell(load, Metric.MEGABYTES_PER_SECOND, 1, 1),
                    ResultTable.cell(load, Metric.LATENCY_P50, MICRO, 1),
                    ResultTable.cell(load, Metric.LATENCY_P99, MICRO, 1),
                    ResultTable.cell(load, Metric.LATENCY_P999, MICRO, 1),
                    ResultTable.cell(load, Metric.GUEST_CPU, MICRO, 1),
                    ResultTable.cell(load, Metric.HOST_CPU, MICRO, 1),
                    ResultTable.checked(row));
        }
        return table.text();
    }
}
