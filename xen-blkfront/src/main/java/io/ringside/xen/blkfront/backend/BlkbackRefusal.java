package io.ringside.xen.blkfront.backend;

/** Why a backend did not do what a frontend asked for. */
public enum BlkbackRefusal {
    /** An operation that was not offered: answered with {@code EOPNOTSUPP}. */
    OPERATION,
    /** A handle of another disk: answered with {@code ERROR}, as are all up to {@link #PAGE}. */
    HANDLE,
    /** No segment or more than 11 to read or write, or any to flush. */
    SEGMENT_COUNT,
    /** A segment that ends behind its page or before it starts. */
    SEGMENT_SECTORS,
    /** Sectors that the disk does not have. */
    RANGE,
    /** A write to a disk that is read-only. */
    READ_ONLY,
    /** A grant reference that cannot be mapped. */
    PAGE,
    /** A request index that cannot be: the device is closed, as for all that follow. */
    RING_INDEX,
    /** A key that is missing, malformed or out of range. */
    KEY,
    /** A ring page that cannot be mapped. */
    RING_PAGE,
    /** A port that cannot be bound. */
    PORT,
    /** The store took no more of our writes. */
    STORE
}
