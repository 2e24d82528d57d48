package io.ringside.perf.measure;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one half crossed and copied.
 *
 * @param crossings how often, for every kind
 * @param bytesCopied payload bytes that the half itself moved from one buffer to another
 */
public record HalfCounts(Map<Crossing, Long> crossings, long bytesCopied) {
    /** The counts of a processor at this moment; its half must not be running. */
    public static HalfCounts of(final Vcpu vcpu, final long furtherBytesCopied) {
        final Map<Crossing, Long> counts = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            counts.put(crossing, vcpu.count(crossing));
        }
        return new HalfCounts(counts, vcpu.bytesCopied() + furtherBytesCopied);
    }

    /** What came after an earlier moment. */
    public HalfCounts since(final HalfCounts earlier) {
        final Map<Crossing, Long> counts = new EnumMap<>(Crossing.class);
        crossings.forEach(
                (crossing, count) -> counts.put(crossing, count - earlier.count(crossing)));
        return new HalfCounts(counts, bytesCopied - earlier.bytesCopied);
    }

    /** Both together. */
    public HalfCounts plus(final HalfCounts other) {
        final Map<Crossing, Long> counts = new EnumMap<>(Crossing.class);
        crossings.forEach((crossing, count) -> counts.put(crossing, count + other.count(crossing)));
        return new HalfCounts(counts, bytesCopied + other.bytesCopied);
    }

    /** How often one kind happened. */
    public long count(final Crossing crossing) {
        return crossings.getOrDefault(crossing, 0L);
    }

    /** Pages mapped and unmapped, and pieces copied, by grants. */
    public long grantOperations() {
        return count(Crossing.PAGE_MAP) + count(Crossing.PAGE_UNMAP) + count(Crossing.GRANT_COPY);
    }

    /** Register accesses that trapped. */
    public long exits() {
        return count(Crossing.PORT_EXIT)
                + count(Crossing.HYPERVISOR_PORT_EXIT)
                + count(Crossing.MMIO_EXIT);
    }
}
