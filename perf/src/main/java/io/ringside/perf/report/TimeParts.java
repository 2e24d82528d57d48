package io.ringside.perf.report;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.result.CostFigure;
import io.ringside.perf.result.Half;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where the processor time of one operation goes, in nanoseconds.
 *
 * <p>Derived: a crossing has the median of its count times its cost in the profile; copying has its
 * bytes times the cost of one, where the profile tells it; what is left of the processor time that
 * was measured is the halves' own work. Waiting is what is left of the mean latency after all that.
 *
 * @param parts what took time
 * @param waiting in queues, for the other half and for the medium; 0 where both halves together
 *     worked longer than the latency, since they work at the same time
 * @param latency mean; 0 where none was taken
 */
record TimeParts(Map<Part, Double> parts, double waiting, double latency) {
    /** What time is spent on, in the order of the chart. */
    enum Part {
        /** Trapped register accesses. */
        EXITS("exits"),
        /** Hypercalls of both halves, and notifications on top of them. */
        HYPERCALLS("hypercalls and kicks"),
        /** Interrupts and upcalls. */
        INTERRUPTS("interrupts and upcalls"),
        /** Pages mapped and unmapped, translations forgotten, copies set up. */
        GRANTS("grants and TLB"),
        /** Bytes moved. */
        COPIES("copying"),
        /** The guest's own work. */
        GUEST("guest's driver and workload"),
        /** The host's own work. */
        HOST("host's backend");

        private final String label;

        Part(final String label) {
            this.label = label;
        }

        /** The name in the legend. */
        String label() {
            return label;
        }

        /** The class in the style sheet. */
        String style() {
            return "part-" + ordinal();
        }

        private static Part of(final Crossing crossing) {
            return switch (crossing) {
                case PORT_EXIT, HYPERVISOR_PORT_EXIT, MMIO_EXIT -> EXITS;
                case HYPERCALL, KICK -> HYPERCALLS;
                case INTERRUPT, UPCALL -> INTERRUPTS;
                case PAGE_MAP, PAGE_UNMAP, TLB_FLUSH, GRANT_COPY -> GRANTS;
            };
        }
    }

    /** The key of the cost of one copied byte. */
    private static final String COPY_BYTE = "copyByte";

    /** The parts of a row's first load. */
    static TimeParts of(final Job job, final Row row) {
        final LoadResult load = row.main();
        final Map<Part, Double> parts = new EnumMap<>(Part.class);
        for (final Part part : Part.values()) {
            parts.put(part, 0.0);
        }
        for (final Crossing crossing : Crossing.values()) {
            for (final Half half : Half.values()) {
                parts.merge(
                        Part.of(crossing),
                        Charges.nanos(job, load, half, crossing, CostFigure::nanos),
                        Double::sum);
            }
        }
        parts.merge(Part.EXITS, Charges.handOverNanos(job, load, CostFigure::nanos), Double::sum);
        double copying = 0;
        for (final CostFigure figure : job.costs().figures()) {
            if (figure.key().equals(COPY_BYTE)) {
                copying = load.median(Metric.BYTES_COPIED) * figure.nanos();
            }
        }
        final double guest = own(job, load, Half.GUEST, Metric.GUEST_CPU);
        final double host = own(job, load, Half.HOST, Metric.HOST_CPU);
        final double moved = Math.min(copying, guest + host);
        final double rest = guest + host == 0 ? 0 : 1 - moved / (guest + host);
        parts.put(Part.COPIES, moved);
        parts.put(Part.GUEST, guest * rest);
        parts.put(Part.HOST, host * rest);
        final double latency = load.median(Metric.LATENCY_MEAN);
        return new TimeParts(parts, Math.max(0, latency - sum(parts)), latency);
    }

    /** All parts but the waiting. */
    double worked() {
        return sum(parts);
    }

    /** One part. */
    double of(final Part part) {
        return Objects.requireNonNullElse(parts.get(part), 0.0);
    }

    private static double own(
            final Job job, final LoadResult load, final Half half, final Metric metric) {
        return Math.max(0, load.median(metric) - Charges.nanos(job, load, half, CostFigure::nanos));
    }

    private static double sum(final Map<Part, Double> parts) {
        return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
