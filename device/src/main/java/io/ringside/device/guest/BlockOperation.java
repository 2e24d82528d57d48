package io.ringside.device.guest;

/**
 * What a block request asks for. What a device does not know ends as {@link
 * BlockStatus#UNSUPPORTED}; {@link BlockLimits} tells beforehand.
 */
public enum BlockOperation {
    /** Medium to memory. */
    READ,
    /** Memory to medium; may stay in a volatile cache until a flush. */
    WRITE,
    /** Everything that was completed before is on stable storage. */
    FLUSH,
    /**
     * A write, perhaps of nothing, that is on stable storage when it completes: after everything
     * that was submitted before it, and before anything that is submitted later.
     */
    BARRIER,
    /** A range without memory is not needed any more: what it reads as from then on is open. */
    DISCARD,
    /** The same, and no copy of what stood there may be left anywhere. */
    SECURE_DISCARD;

    /** Whether the request names memory: of a barrier it may. */
    public boolean movesData() {
        return this == READ || this == WRITE || this == BARRIER;
    }

    /** Whether the request names a range by number, and no memory. */
    public boolean isDiscard() {
        return this == DISCARD || this == SECURE_DISCARD;
    }

    /** Whether a medium that is open for reading only refuses it. */
    public boolean changesMedium() {
        return this != READ && this != FLUSH;
    }
}
