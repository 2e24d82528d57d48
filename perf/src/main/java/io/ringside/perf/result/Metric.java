package io.ringside.perf.result;

import org.jspecify.annotations.Nullable;

/**
 * Everything that a run can find out of a device, whatever the device is.
 *
 * <p>Counts are exact, times depend on the machine; no report mixes the two in one column. Counts
 * are per operation, but for the last ones, which are what one run had in all.
 */
public enum Metric {
    /** Operations that ended a second: requests of a disk, packets of a network card. */
    OPERATIONS_PER_SECOND(
            "operationsPerSecond", "operations a second", "1/s", Kind.TIME, Better.HIGHER),
    /** Payload a second, in units of 10^6 bytes. */
    MEGABYTES_PER_SECOND(
            "megabytesPerSecond", "payload a second", "MB/s", Kind.TIME, Better.HIGHER),
    /** Bits a second on the wire, with everything around the frames, in units of 10^9. */
    GIGABITS_PER_SECOND("gigabitsPerSecond", "wire a second", "Gbit/s", Kind.TIME, Better.HIGHER),
    /** Packets a second that were offered at most. */
    OFFERED_PER_SECOND(
            "offeredPerSecond", "packets offered a second", "1/s", Kind.TIME, Better.NEITHER),
    /** Mean latency. */
    LATENCY_MEAN("latencyMeanNanos", "latency, mean", "ns", Kind.TIME, Better.LOWER),
    /** Half of the operations took no longer. */
    LATENCY_P50("latencyP50Nanos", "latency, 50 %", "ns", Kind.TIME, Better.LOWER),
    /** Nine of ten operations took no longer. */
    LATENCY_P90("latencyP90Nanos", "latency, 90 %", "ns", Kind.TIME, Better.LOWER),
    /** All but one in a hundred took no longer. */
    LATENCY_P99("latencyP99Nanos", "latency, 99 %", "ns", Kind.TIME, Better.LOWER),
    /** All but one in a thousand took no longer. */
    LATENCY_P999("latencyP999Nanos", "latency, 99.9 %", "ns", Kind.TIME, Better.LOWER),
    /** The longest. */
    LATENCY_MAX("latencyMaxNanos", "latency, longest", "ns", Kind.TIME, Better.LOWER),
    /** Processor time of the guest's half for one operation, workload included. */
    GUEST_CPU("guestCpuNanos", "guest's processor time", "ns", Kind.TIME, Better.LOWER),
    /** Processor time of the host's half for one operation. */
    HOST_CPU("hostCpuNanos", "host's processor time", "ns", Kind.TIME, Better.LOWER),
    /** From the first start to the last end. */
    ELAPSED("elapsedNanos", "length of the run", "ns", Kind.TIME, Better.NEITHER),
    /** Register accesses that trapped, for one operation. */
    EXITS("exits", "exits", "an operation", Kind.COUNT, Better.LOWER),
    /** Hypercalls of both halves, for one operation. */
    HYPERCALLS("hypercalls", "hypercalls", "an operation", Kind.COUNT, Better.LOWER),
    /** Notifications from the guest to the host, for one operation. */
    KICKS("kicks", "kicks", "an operation", Kind.COUNT, Better.LOWER),
    /** Interrupts and upcalls into the guest, for one operation. */
    INTERRUPTS("interrupts", "interrupts", "an operation", Kind.COUNT, Better.LOWER),
    /** Pages mapped and unmapped, and pieces copied, by grants, for one operation. */
    GRANT_OPERATIONS(
            "grantOperations", "grant operations", "an operation", Kind.COUNT, Better.LOWER),
    /** Payload bytes that the halves themselves copied, for one operation. */
    BYTES_COPIED("bytesCopied", "bytes copied", "an operation", Kind.COUNT, Better.LOWER),
    /** Operations that the device failed. */
    FAILURES("failures", "failures", "a run", Kind.COUNT, Better.LOWER),
    /** Reads that brought other bytes than the medium must hold. */
    MISMATCHES("mismatches", "mismatches", "a run", Kind.COUNT, Better.LOWER),
    /** Operations that gave a range back in place of writing zeros. */
    DISCARDS("discards", "discards", "a run", Kind.COUNT, Better.NEITHER),
    /** Packets that were begun. */
    SENT("sent", "packets sent", "a run", Kind.COUNT, Better.NEITHER),
    /** Packets that came, and were right. */
    ARRIVED("arrived", "packets arrived", "a run", Kind.COUNT, Better.NEITHER),
    /** Packets that were lost before the host's half took them. */
    LOST_WIRE("lostBeforeTheHost", "lost before the host", "a run", Kind.COUNT, Better.LOWER),
    /** Packets that were lost between the two halves. */
    LOST_DEVICE(
            "lostBetweenTheHalves", "lost between the halves", "a run", Kind.COUNT, Better.LOWER),
    /** Lost before the host while more was offered than the device can carry. */
    OVERLOAD_LOST_WIRE(
            "lostBeforeTheHostAtFullRate",
            "lost before the host at the full rate",
            "a run",
            Kind.COUNT,
            Better.NEITHER),
    /** Lost between the halves while more was offered than the device can carry. */
    OVERLOAD_LOST_DEVICE(
            "lostBetweenTheHalvesAtFullRate",
            "lost between the halves at the full rate",
            "a run",
            Kind.COUNT,
            Better.NEITHER),
    /** Packets that came and were not sent so. */
    FOREIGN("foreign", "foreign packets", "a run", Kind.COUNT, Better.LOWER),
    /** Packets that came after later ones. */
    DISORDERED("disordered", "packets out of order", "a run", Kind.COUNT, Better.LOWER);

    /** Whether the machine decides it. */
    public enum Kind {
        /** It does not: a count is exact. */
        COUNT,
        /** It does. */
        TIME
    }

    /** Which way is up. */
    public enum Better {
        /** More is better. */
        HIGHER,
        /** Less is better. */
        LOWER,
        /** It tells how a run went and is no merit. */
        NEITHER
    }

    private final String key;
    private final String label;
    private final String unit;
    private final Kind kind;
    private final Better better;

    Metric(
            final String key,
            final String label,
            final String unit,
            final Kind kind,
            final Better better) {
        this.key = key;
        this.label = label;
        this.unit = unit;
        this.kind = kind;
        this.better = better;
    }

    /** The name in JSON and CSV. */
    public String key() {
        return key;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** What it is counted in. */
    public String unit() {
        return unit;
    }

    /** Whether the machine decides it. */
    public Kind kind() {
        return kind;
    }

    /** Which way is up. */
    public Better better() {
        return better;
    }

    /** The metric of a key; null if there is none. */
    public static @Nullable Metric of(final String key) {
        for (final Metric metric : values()) {
            if (metric.key.equals(key)) {
                return metric;
            }
        }
        return null;
    }
}
