package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import java.util.Locale;
import java.util.Map;

/** A disk job's part of {@link ResultTable}. */
final class DiskJobTable {
    private DiskJobTable() {}

    static String heading(final Job job) {
        final Map<String, String> scenario = job.scenario();
        final String operations = scenario.getOrDefault("operations", "0");
        return String.format(
                Locale.ROOT,
                "disk: %s, %s blocks, depth %s, closed loop, %s, seed %s%nmedium: %s, %s%n",
                scenario.getOrDefault("pattern", "requests"),
                Words.size(scenario.getOrDefault("blockBytes", "?")),
                scenario.getOrDefault("depth", "?"),
                operations.equals("0")
                        ? scenario.getOrDefault("seconds", "?") + " s a device"
                        : operations + " operations a device",
                scenario.getOrDefault("seed", "?"),
                scenario.getOrDefault("medium", "unknown"),
                Words.size(scenario.getOrDefault("mediumBytes", "?")));
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
                                "IOPS",
                                ResultTable.spreadHeading(job),
                                "MB/s",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "guest us/op",
                                "host us/op",
                                "checked")
                        .group("", 1)
                        .group("counts per operation (exact)", 6)
                        .group(Words.times(job), 8)
                        .group("", 1);
        for (final Row row : job.rows()) {
            final LoadResult load = row.main();
            table.row(
                    row.device(),
                    ResultTable.count(load, Metric.EXITS),
                    ResultTable.count(load, Metric.HYPERCALLS),
                    ResultTable.count(load, Metric.KICKS),
                    ResultTable.count(load, Metric.INTERRUPTS),
                    ResultTable.count(load, Metric.GRANT_OPERATIONS),
                    ResultTable.number("%,.0f", load.median(Metric.BYTES_COPIED)),
                    ResultTable.number("%,.0f", load.median(Metric.OPERATIONS_PER_SECOND)),
                    ResultTable.spread(job, row, "%,.0f", 1),
                    ResultTable.number("%,.1f", load.median(Metric.MEGABYTES_PER_SECOND)),
                    ResultTable.micros(load, Metric.LATENCY_P50),
                    ResultTable.micros(load, Metric.LATENCY_P99),
                    ResultTable.micros(load, Metric.LATENCY_P999),
                    ResultTable.micros(load, Metric.GUEST_CPU),
                    ResultTable.micros(load, Metric.HOST_CPU),
                    ResultTable.checked(row));
        }
        return table.text();
    }

    static String meanings() {
        return "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to host."
                + " interrupts: into the guest.\n"
                + "grant ops: pages of the guest mapped and unmapped by the host.\n"
                + "bytes copied: by the two halves; the medium's own copy is not among them. guest,"
                + " host us/op: processor time of the two halves\n"
                + "(of an emulated device: time inside its model); the workers of a file medium are"
                + " in neither. Closed loop: an operation starts\n"
                + "when another has ended, so latency, from the first attempt to submit, holds no"
                + " wait of operations that were never due.\n";
    }

    static String faults(final Row row) {
        if (row.verified()) {
            return "";
        }
        final LoadResult load = row.main();
        return String.format(
                Locale.ROOT,
                "%s is WRONG: of %d operations %s failed in the worst run, and %s reads brought"
                        + " other bytes%n",
                row.device(),
                load.operations(),
                most(load, Metric.FAILURES),
                most(load, Metric.MISMATCHES));
    }

    static String most(final LoadResult load, final Metric metric) {
        final var series = load.of(metric);
        return series == null ? "0" : ResultTable.number("%.0f", series.most());
    }
}
