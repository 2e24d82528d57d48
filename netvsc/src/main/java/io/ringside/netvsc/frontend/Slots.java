package io.ringside.netvsc.frontend;

/**
 * Pieces of one size in a buffer, those given back last taken first: their bytes are likeliest to
 * be in a cache still.
 *
 * <p>Allocated once. Threads: one.
 */
final class Slots {
    /** There is no free one. */
    static final int NONE = -1;

    private final int[] free;
    private final int slotBytes;
    private int freeCount;

    Slots(final int count, final int slotBytes) {
        this.free = new int[count];
        this.slotBytes = slotBytes;
        this.freeCount = count;
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
    }

    /** Bytes of one. */
    int slotBytes() {
        return slotBytes;
    }

    /** How many there are. */
    int count() {
        return free.length;
    }

    /** How many nobody has. */
    int freeCount() {
        return freeCount;
    }

    /** The number of a free one, or {@link #NONE}. */
    int take() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void giveBack(final int slot) {
        free[freeCount++] = slot;
    }

    /** Where one starts in the buffer. */
    int offset(final int slot) {
        return slot * slotBytes;
    }
}
