package io.ringside.perf.scenario;

import java.util.List;
import java.util.Map;

/** The disks that can be compared. */
public final class DiskDevices {
    /** Emulated IDE, programmed I/O. */
    public static final String IDE_PIO = "ide-pio";

    /** Emulated IDE, bus-master DMA. */
    public static final String IDE_DMA = "ide-dma";

    /** Xen's block pair. */
    public static final String XEN_BLKFRONT = "xen-blkfront";

    /** Hyper-V's storage pair. */
    public static final String STORVSC = "storvsc";

    /** Every disk, the emulated ones first. */
    public static final Catalog ALL =
            new Catalog(
                    List.of(IDE_PIO, IDE_DMA, XEN_BLKFRONT, STORVSC),
                    Map.of(
                            IDE_PIO,
                            List.of(DiskFeature.ELSEWHERE),
                            IDE_DMA,
                            List.of(DiskFeature.ELSEWHERE),
                            XEN_BLKFRONT,
                            List.of(
                                    DiskFeature.PERSISTENT,
                                    DiskFeature.INDIRECT,
                                    DiskFeature.RING4,
                                    DiskFeature.TWO_QUEUES),
                            STORVSC,
                            List.of(DiskFeature.SUB_CHANNELS)));

    private DiskDevices() {}
}
