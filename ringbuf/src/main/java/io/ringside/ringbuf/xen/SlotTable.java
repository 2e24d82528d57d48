package io.ringside.ringbuf.xen;

/**
 * Which request a response belongs to: small numbers, each in flight at most once.
 *
 * <p>A peer's answer names a number; {@link #isInFlight} says whether it may. Numbers come back in
 * last-in, first-out order, so that a shallow queue stays in the cache.
 *
 * <p>Threads: one.
 */
public final class SlotTable {
    /** No number is free. */
    public static final int NONE = -1;

    private final int[] free;
    private final boolean[] inFlight;
    private int freeCount;

    /** A table of the numbers 0 to {@code capacity - 1}, all free. */
    public SlotTable(final int capacity) {
        free = new int[capacity];
        inFlight = new boolean[capacity];
        freeCount = capacity;
        for (int i = 0; i < capacity; i++) {
            free[i] = capacity - 1 - i;
        }
    }

    /** Takes a number, or {@link #NONE}. */
    public int take() {
        if (freeCount == 0) {
            return NONE;
        }
        final int id = free[--freeCount];
        inFlight[id] = true;
        return id;
    }

    /** Whether a peer may answer to this number; false for every number that is out of range. */
    public boolean isInFlight(final long id) {
        return id >= 0 && id < inFlight.length && inFlight[(int) id];
    }

    /** Gives a number back. */
    public void release(final int id) {
        if (!isInFlight(id)) {
            throw new IllegalStateException("not in flight: id=" + id);
        }
        inFlight[id] = false;
        free[freeCount++] = id;
    }

    /** How many numbers are in flight. */
    public int inFlightCount() {
        return free.length - freeCount;
    }
}
