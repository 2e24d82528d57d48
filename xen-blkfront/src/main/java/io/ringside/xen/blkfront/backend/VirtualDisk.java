package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.LinkedHashMap;

/**
 * The disk as one connection shows it: what the medium is, as far as the toolstack allows.
 *
 * <p>The toolstack's keys stand in the backend's own directory: {@code mode}, {@code device-type},
 * {@code removable}, {@code discard-enable}. A CD-ROM is never written. Of all that is told, only
 * the size may change while the connection lasts.
 *
 * <p>Threads: one.
 */
final class VirtualDisk {
    private static final String READ_ONLY_MODE = "r";
    private static final String CDROM_TYPE = "cdrom";

    /**
     * Of the toolstack, {@code 1} for a disk whose medium can be taken out; read by nobody else.
     */
    private static final String REMOVABLE = "removable";

    private final BlockStore store;
    private final BlkbackOptions options;
    private final boolean cdrom;
    private final boolean removable;
    private final boolean readOnly;
    private final boolean discards;
    private long sectors;

    /**
     * A disk.
     *
     * @param cdrom whether it is a CD-ROM
     * @param removable whether the medium can be taken out
     * @param writable whether the toolstack lets it be written
     * @param discardable whether the toolstack lets sectors be discarded
     */
    VirtualDisk(
            final BlockStore store,
            final BlkbackOptions options,
            final boolean cdrom,
            final boolean removable,
            final boolean writable,
            final boolean discardable) {
        this.store = store;
        this.options = options;
        this.cdrom = cdrom;
        this.removable = removable;
        readOnly = cdrom || !writable || store.isReadOnly();
        discards = options.discard() && discardable && !readOnly;
        sectors = store.sectors();
    }

    /** A disk as the toolstack's keys allow it. */
    static VirtualDisk of(
            final BlockStore store, final BlkbackOptions options, final XenbusDevice device) {
        return new VirtualDisk(
                store,
                options,
                CDROM_TYPE.equals(device.ownText(BlkKeys.DEVICE_TYPE)),
                "1".equals(device.ownText(REMOVABLE)),
                !READ_ONLY_MODE.equals(device.ownText(BlkKeys.MODE)),
                !"0".equals(device.ownText(BlkKeys.DISCARD_ENABLE)));
    }

    /** Size in units of 512 bytes, as the frontend was told. */
    long sectors() {
        return sectors;
    }

    /** Sectors of 512 bytes in one block: all that is asked for is whole blocks. */
    int blockSectors() {
        return store.blockBytes() / BlockStore.SECTOR_BYTES;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean offersFlushes() {
        return options.flushCache();
    }

    boolean offersBarriers() {
        return options.barrier();
    }

    boolean offersDiscards() {
        return discards;
    }

    boolean offersSecureDiscards() {
        return discards && options.secureDiscard() && store.canErase();
    }

    int indirectSegments() {
        return options.indirectSegments();
    }

    /** Whether the medium has another size than the frontend was told; takes the new one. */
    boolean takeNewSize() {
        if (store.sectors() == sectors) {
            return false;
        }
        sectors = store.sectors();
        return true;
    }

    /** What the frontend reads before it chooses its parameters. */
    static LinkedHashMap<String, String> limitKeys(final BlkbackOptions options) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put(BlkKeys.MAX_RING_PAGE_ORDER, Integer.toString(options.maxRingPageOrder()));
        keys.put(BlkKeys.MAX_RING_PAGES, Integer.toString(1 << options.maxRingPageOrder()));
        keys.put(BlkKeys.MAX_QUEUES, Integer.toString(options.maxQueues()));
        keys.put(BlkKeys.MAX_INDIRECT_SEGMENTS, Integer.toString(options.indirectSegments()));
        keys.put(BlkKeys.FEATURE_PERSISTENT, flag(options.persistentGrants() != 0));
        return keys;
    }

    /** What the frontend reads about the disk. */
    LinkedHashMap<String, String> keys() {
        final LinkedHashMap<String, String> keys = sizeKeys();
        keys.put(BlkKeys.FEATURE_FLUSH_CACHE, flag(offersFlushes()));
        keys.put(BlkKeys.FEATURE_BARRIER, flag(offersBarriers()));
        keys.put(BlkKeys.FEATURE_DISCARD, flag(discards));
        if (discards) {
            keys.put(
                    BlkKeys.DISCARD_GRANULARITY, Integer.toString(store.discardGranularityBytes()));
            keys.put(BlkKeys.DISCARD_ALIGNMENT, "0");
            keys.put(BlkKeys.DISCARD_SECURE, flag(offersSecureDiscards()));
        }
        keys.put(
                BlkKeys.INFO,
                Integer.toString(
                        (cdrom ? BlkKeys.INFO_CDROM : 0)
                                | (removable ? BlkKeys.INFO_REMOVABLE : 0)
                                | (readOnly ? BlkKeys.INFO_READ_ONLY : 0)));
        keys.put(BlkKeys.SECTOR_SIZE, Integer.toString(store.blockBytes()));
        keys.put(BlkKeys.PHYSICAL_SECTOR_SIZE, Integer.toString(store.physicalBlockBytes()));
        return keys;
    }

    /** What the frontend reads again when the size has changed. */
    LinkedHashMap<String, String> sizeKeys() {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put(BlkKeys.SECTORS, Long.toString(sectors));
        return keys;
    }

    private static String flag(final boolean offered) {
        return offered ? "1" : "0";
    }
}
