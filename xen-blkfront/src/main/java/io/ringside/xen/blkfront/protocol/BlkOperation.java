package io.ringside.xen.blkfront.protocol;

/**
 * What a request can ask for: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code BLKIF_OP_*}, xen/io/blkif.h.
 */
public final class BlkOperation {
    /** Disk to memory. */
    public static final int READ = 0;

    /** Memory to disk. */
    public static final int WRITE = 1;

    /** A write that nothing may be moved across. */
    public static final int WRITE_BARRIER = 2;

    /** All that was answered before is on stable storage; it may carry data as a write does. */
    public static final int FLUSH_DISKCACHE = 3;

    /** Of one vendor's own use. */
    public static final int RESERVED_1 = 4;

    /** The sectors are no longer needed: see {@link BlkDiscardRequest}. */
    public static final int DISCARD = 5;

    /** A read or write whose segments stand in pages: see {@link BlkIndirectRequest}. */
    public static final int INDIRECT = 6;

    private static final String[] NAMES = {
        "Read", "Write", "WriteBarrier", "FlushDiskcache", "Reserved1", "Discard", "Indirect"
    };

    private BlkOperation() {}

    /** The name of an operation, or its number in brackets. */
    public static String name(final int operation) {
        return operation >= 0 && operation < NAMES.length
                ? NAMES[operation]
                : "[" + operation + "]";
    }
}
