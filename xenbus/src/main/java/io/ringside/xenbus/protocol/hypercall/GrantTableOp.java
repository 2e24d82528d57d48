package io.ringside.xenbus.protocol.hypercall;

/**
 * Numbers of the operations on grants: the first argument of {@link Hypercall#GRANT_TABLE_OP}. The
 * second is the address of an array of arguments, the third how many there are.
 *
 * <p>Source: {@code GNTTABOP_*}, xen/grant_table.h.
 */
public final class GrantTableOp {
    /** Maps pages: an array of {@link GnttabMapGrantRef}. */
    public static final int MAP_GRANT_REF = 0;

    /** Unmaps pages: an array of {@link GnttabUnmapGrantRef}. */
    public static final int UNMAP_GRANT_REF = 1;

    /** Tells the frames of the table: one {@link GnttabSetupTable}. */
    public static final int SETUP_TABLE = 2;

    /** Prints the table: {@link GnttabDumpTable}. */
    public static final int DUMP_TABLE = 3;

    /** Gives pages away: an array of {@link GnttabTransfer}. */
    public static final int TRANSFER = 4;

    /** Copies parts of pages: an array of {@link GnttabCopy}. */
    public static final int COPY = 5;

    /** Tells how long the table is: one {@link GnttabQuerySize}. */
    public static final int QUERY_SIZE = 6;

    /** Unmaps pages for others: an array of {@link GnttabUnmapAndReplace}. */
    public static final int UNMAP_AND_REPLACE = 7;

    /** Chooses the layout of the table: one {@link GnttabSetVersion}. */
    public static final int SET_VERSION = 8;

    /** Tells the frames of the status words: one {@link GnttabGetStatusFrames}. */
    public static final int GET_STATUS_FRAMES = 9;

    /** Tells the layout of the table: one {@link GnttabGetVersion}. */
    public static final int GET_VERSION = 10;

    /** Has entries change places: an array of {@link GnttabSwapGrantRef}. */
    public static final int SWAP_GRANT_REF = 11;

    /** Writes caches back: an array of {@link GnttabCacheFlush}. */
    public static final int CACHE_FLUSH = 12;

    private GrantTableOp() {}
}
