package io.ringside.ringbuf.xen;

/**
 * Arithmetic of free-running 32-bit indices: only differences mean anything, and those are
 * unsigned.
 *
 * <p>An index counts entries since the ring was made and runs through 2^32. It becomes a slot only
 * where memory is touched, by {@code index & (slotCount - 1)}.
 */
public final class SlotIndex {
    private SlotIndex() {}

    /**
     * Whether a move from {@code oldIndex} to {@code newIndex} steps over the index at which the
     * peer wants to be woken: whether {@code eventIndex} lies in {@code (oldIndex, newIndex]}.
     */
    public static boolean crosses(final int oldIndex, final int newIndex, final int eventIndex) {
        return Integer.compareUnsigned(newIndex - eventIndex, newIndex - oldIndex) < 0;
    }

    /** Whether {@code count}, an unsigned difference of two indices, is above {@code limit}. */
    public static boolean exceeds(final int count, final int limit) {
        return Integer.compareUnsigned(count, limit) > 0;
    }

    /**
     * How many slots fit: the largest power of two that leaves room for the header.
     *
     * @param ringBytes bytes of all pages of the ring
     * @param slotBytes bytes of one slot, the larger of request and response
     */
    public static int slotCount(final int ringBytes, final int slotBytes) {
        if (slotBytes < 1 || ringBytes - SharedRing.HEADER_BYTES < slotBytes) {
            throw new IllegalArgumentException(
                    "no slot fits: ringBytes=" + ringBytes + " slotBytes=" + slotBytes);
        }
        return Integer.highestOneBit((ringBytes - SharedRing.HEADER_BYTES) / slotBytes);
    }
}
