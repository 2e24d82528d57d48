package io.ringside.xen.blkfront.backend;

/** Why a backend did not do what a frontend asked for. */
public enum BlkbackRefusal {
    /** An operation that was not offered: answered with {@code EOPNOTSUPP}. */
    OPERATION,
    /** A handle of another disk: answered with {@code ERROR}, as are all up to {@link #PAGE}. */
    HANDLE,
    /** An indirect request that is to do something else than to read or write. */
    INNER_OPERATION,
    /** No segment or more than were offered to read or write, or any to flush. */
    SEGMENT_COUNT,
    /** A segment that ends behind its page or before it starts. */
    SEGMENT_SECTORS,
    /** Sectors that the disk does not have. */
    RANGE,
    /** Sectors that are not whole blocks of the disk. */
    ALIGNMENT,
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
    PORT
}
