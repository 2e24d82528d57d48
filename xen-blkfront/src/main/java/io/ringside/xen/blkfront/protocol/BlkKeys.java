package io.ringside.xen.blkfront.protocol;

/**
 * The names that the two ends of a virtual disk use in the xenstore, each in its own directory.
 *
 * <p>Values are decimal unless said otherwise; features are 0 or 1 and 0 when missing.
 *
 * <p>Source: "Xenbus Nodes", xen/io/blkif.h.
 */
public final class BlkKeys {
    /** The directory of virtual disks below {@code device} and {@code backend}. */
    public static final String DEVICE_CLASS = "vbd";

    // The frontend's.

    /** Grant reference of the ring's one page. */
    public static final String RING_REF = "ring-ref";

    /** Port that the backend binds. */
    public static final String EVENT_CHANNEL = "event-channel";

    /** Name of the slot layout, text: see {@link BlkAbi}; when missing, the native one. */
    public static final String PROTOCOL = "protocol";

    /** log2 of the ring's pages; 0 when missing. */
    public static final String RING_PAGE_ORDER = "ring-page-order";

    /** How many rings there are; 1 when missing. */
    public static final String NUM_QUEUES = "multi-queue-num-queues";

    /** By the toolstack: 0 if the backend must see nothing but the sectors; 1 when missing. */
    public static final String TRUSTED = "trusted";

    // The backend's.

    /** Whether {@link BlkOperation#WRITE_BARRIER} is done. */
    public static final String FEATURE_BARRIER = "feature-barrier";

    /** Whether {@link BlkOperation#FLUSH_DISKCACHE} is done. */
    public static final String FEATURE_FLUSH_CACHE = "feature-flush-cache";

    /** Whether {@link BlkOperation#DISCARD} is done. */
    public static final String FEATURE_DISCARD = "feature-discard";

    /** Whether pages stay mapped between requests. */
    public static final String FEATURE_PERSISTENT = "feature-persistent";

    /** Size of the disk in units of 512 bytes. */
    public static final String SECTORS = "sectors";

    /** Bytes of one logical block. */
    public static final String SECTOR_SIZE = "sector-size";

    /** Bytes of one physical block; as {@link #SECTOR_SIZE} when missing. */
    public static final String PHYSICAL_SECTOR_SIZE = "physical-sector-size";

    /** What kind of disk: the sum of the {@code INFO_} bits. */
    public static final String INFO = "info";

    /** {@code VDISK_CDROM}: bit of {@link #INFO}. */
    public static final int INFO_CDROM = 1;

    /** {@code VDISK_REMOVABLE}: bit of {@link #INFO}. */
    public static final int INFO_REMOVABLE = 2;

    /** {@code VDISK_READONLY}: bit of {@link #INFO}. */
    public static final int INFO_READ_ONLY = 4;

    private static final int HANDLE_MASK = 0xffff;

    private BlkKeys() {}

    /**
     * The handle that every request of a disk names: the number of the disk's directory, cut to the
     * 16 bits of {@code blkif_vdev_t}.
     *
     * @param path the directory of either end
     */
    public static int handle(final String path) {
        return (int) Long.parseLong(path.substring(path.lastIndexOf('/') + 1)) & HANDLE_MASK;
    }
}
