package io.ringside.emulated.ide.protocol;

/**
 * Sub-commands of SET FEATURES, in the feature register, and transfer modes, in the sector count.
 *
 * <p>Source: SETFEATURES_* and XFER_* in linux/ata.h.
 */
public final class SetFeatures {
    /** Writes may be reported done from the cache. */
    public static final int WRITE_CACHE_ON = 0x02;

    /** Takes the transfer mode in the sector count. */
    public static final int TRANSFER_MODE = 0x03;

    /** No read look-ahead. */
    public static final int LOOK_AHEAD_OFF = 0x55;

    /** Writes are on the medium before they are reported done. */
    public static final int WRITE_CACHE_OFF = 0x82;

    /** Read look-ahead. */
    public static final int LOOK_AHEAD_ON = 0xAA;

    /** Transfer mode: the slowest PIO; 1 is the same without flow control. */
    public static final int MODE_PIO_DEFAULT = 0x00;

    /** Transfer mode: PIO 0; up to PIO 4 follow. */
    public static final int MODE_PIO = 0x08;

    /** Transfer mode: multiword DMA 0; 1 and 2 follow. */
    public static final int MODE_MULTIWORD_DMA = 0x20;

    /** Transfer mode: Ultra DMA 0; up to 7 follow. */
    public static final int MODE_ULTRA_DMA = 0x40;

    private SetFeatures() {}
}
