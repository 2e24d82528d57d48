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

    // The frontend's. Those of a ring stand in its queue's directory where there are several.

    /** Grant reference of the page of a ring that has one. */
    public static final String RING_REF = "ring-ref";

    /** Port that the backend binds. */
    public static final String EVENT_CHANNEL = "event-channel";

    /** Name of the slot layout, text: see {@link BlkAbi}; when missing, the native one. */
    public static final String PROTOCOL = "protocol";

    /** log2 of a ring's pages; 0 when missing. */
    public static final String RING_PAGE_ORDER = "ring-page-order";

    /**
     * A ring's pages as one vendor told it, a power of two; deprecated, and not looked at where
     * there is {@link #RING_PAGE_ORDER}.
     */
    public static final String NUM_RING_PAGES = "num-ring-pages";

    /** How many rings there are; 1 when missing. */
    public static final String NUM_QUEUES = "multi-queue-num-queues";

    /**
     * Whether blocks need not be of 512 bytes. Neither end looks at it, and ours does not write it:
     * some read it as counting in blocks, while all that is counted here is sectors of 512 bytes.
     */
    public static final String FEATURE_LARGE_SECTOR_SIZE = "feature-large-sector-size";

    /** By the toolstack: 0 if the backend must see nothing but the sectors; 1 when missing. */
    public static final String TRUSTED = "trusted";

    /** By the toolstack: {@code disk}, {@code cdrom} or {@code floppy}. */
    public static final String DEVICE_TYPE = "device-type";

    /** By the toolstack: the number that stands for the disk's name. */
    public static final String VIRTUAL_DEVICE = "virtual-device";

    /** By the toolstack: the same for large numbers, where {@link #VIRTUAL_DEVICE} is missing. */
    public static final String VIRTUAL_DEVICE_EXT = "virtual-device-ext";

    // Of both.

    /** Whether the frontend uses its pages again and again, and the backend keeps them mapped. */
    public static final String FEATURE_PERSISTENT = "feature-persistent";

    // The backend's.

    /** Whether {@link BlkOperation#WRITE_BARRIER} is done. */
    public static final String FEATURE_BARRIER = "feature-barrier";

    /** Whether {@link BlkOperation#FLUSH_DISKCACHE} is done. */
    public static final String FEATURE_FLUSH_CACHE = "feature-flush-cache";

    /** Whether {@link BlkOperation#DISCARD} is done. */
    public static final String FEATURE_DISCARD = "feature-discard";

    /** Bytes of the smallest useful discard; as the physical block when missing. */
    public static final String DISCARD_GRANULARITY = "discard-granularity";

    /** Bytes before the first unit of a discard; 0 when missing. */
    public static final String DISCARD_ALIGNMENT = "discard-alignment";

    /** Whether {@link BlkDiscardRequest#SECURE} is honoured. */
    public static final String DISCARD_SECURE = "discard-secure";

    /** Most segments of {@link BlkOperation#INDIRECT}, which is not done when missing. */
    public static final String MAX_INDIRECT_SEGMENTS = "feature-max-indirect-segments";

    /** Highest {@link #RING_PAGE_ORDER}; 0 when missing. */
    public static final String MAX_RING_PAGE_ORDER = "max-ring-page-order";

    /** Highest {@link #NUM_RING_PAGES}; 1 when missing; deprecated. */
    public static final String MAX_RING_PAGES = "max-ring-pages";

    /** Highest {@link #NUM_QUEUES}; 1 when missing. */
    public static final String MAX_QUEUES = "multi-queue-max-queues";

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

    // The backend's, for itself: the toolstack and the hotplug scripts write them. Whoever opens
    // the medium looks at what to open and how; the backend looks at the first and the last.

    /** {@code r} or {@code w}: whether the disk may be written. */
    public static final String MODE = "mode";

    /** What to open, text. */
    public static final String PARAMS = "params";

    /** Major and minor number of what to open, in hexadecimal with a colon between. */
    public static final String PHYSICAL_DEVICE = "physical-device";

    /** The path of what to open. */
    public static final String PHYSICAL_DEVICE_PATH = "physical-device-path";

    /** {@code file}, {@code phy} or {@code tap}. */
    public static final String TYPE = "type";

    /** Whether what is opened may be read and written past the host's cache. */
    public static final String DIRECT_IO_SAFE = "direct-io-safe";

    /** 0 if the administrator forbids discards; 1 when missing. */
    public static final String DISCARD_ENABLE = "discard-enable";

    // Bounds of what can be negotiated.

    /** log2 of the most pages of one ring: {@code XENBUS_MAX_RING_GRANT_ORDER}. */
    public static final int RING_PAGE_ORDER_LIMIT = 4;

    /** Most pages of one ring: {@code XENBUS_MAX_RING_GRANTS}. */
    public static final int RING_PAGES_LIMIT = 1 << RING_PAGE_ORDER_LIMIT;

    /** Most rings of one disk. The protocol knows no bound; this is ours. */
    public static final int QUEUES_LIMIT = 16;

    private static final int HANDLE_MASK = 0xffff;

    private BlkKeys() {}

    /** The key of one page of a ring that has several. */
    public static String ringRef(final int page) {
        return RING_REF + page;
    }

    /** The directory of one queue, below the frontend's, where there are several. */
    public static String queue(final int index) {
        return "queue-" + index;
    }

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
