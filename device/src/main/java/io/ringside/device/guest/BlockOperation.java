package io.ringside.device.guest;

/** What a block request asks for. */
public enum BlockOperation {
    /** Medium to memory. */
    READ,
    /** Memory to medium; may stay in a volatile cache until a flush. */
    WRITE,
    /** Everything that was completed before is on stable storage. */
    FLUSH
}
