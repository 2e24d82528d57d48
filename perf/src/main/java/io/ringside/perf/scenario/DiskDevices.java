package io.ringside.perf.scenario;

import java.util.List;

/** The disks that can be compared, by the names that they have everywhere. */
public final class DiskDevices {
    /** Emulated IDE, programmed I/O. */
    public static final String IDE_PIO = "ide-pio";

    /** Emulated IDE, bus-master DMA. */
    public static final String IDE_DMA = "ide-dma";

    /** Xen's block pair. */
    public static final String XEN_BLKFRONT = "xen-blkfront";

    /** Every disk, the emulated ones first. */
    public static final List<String> ALL = List.of(IDE_PIO, IDE_DMA, XEN_BLKFRONT);

    private DiskDevices() {}

    /** The devices asked for, or all; a refusal names the one that does not exist. */
    public static List<String> check(final List<String> names) throws UsageException {
        for (final String name : names) {
            if (!ALL.contains(name)) {
                throw new UsageException(
                        "unknown device '" + name + "': use " + String.join(", ", ALL));
            }
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw new UsageException("device '" + name + "' is named twice: name it once");
            }
        }
        return names.isEmpty() ? ALL : List.copyOf(names);
    }
}
