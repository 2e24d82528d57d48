package io.ringside.vmbus.channel;

/**
 * Transaction ids of requests in flight: numbers that are looked up when they come back, and no use
 * to a peer that makes them up.
 *
 * <p>An id has its slot plus one in the low half, and how often the slot was used in the high half,
 * so that an answer that comes twice, or late, finds another id. Ids are never 0, and never any of
 * the ids near 2^64 that drivers give to what they do not look up.
 *
 * <p>Allocated once. Threads: one.
 */
public final class RequestIds {
    /** There is no such request, or no free slot. */
    public static final int NONE = -1;

    private static final int USE_MASK = 0x7fff_ffff;

    private final int[] free;
    private final int[] uses;
    private final boolean[] inFlight;
    private int freeCount;

    /** Ids for at most {@code capacity} requests. */
    public RequestIds(final int capacity) {
        free = new int[capacity];
        uses = new int[capacity];
        inFlight = new boolean[capacity];
        freeCount = capacity;
        for (int i = 0; i < capacity; i++) {
            free[i] = capacity - 1 - i;
        }
    }

    /** Takes a slot, or {@link #NONE}. */
    public int take() {
        if (freeCount == 0) {
            return NONE;
        }
        final int slot = free[--freeCount];
        inFlight[slot] = true;
        return slot;
    }

    /** The id of a slot that is taken. */
    public long idOf(final int slot) {
        return (long) uses[slot] << Integer.SIZE | (slot + 1);
    }

    /** The slot of an id as a peer sent it, or {@link #NONE}: any number is safe. */
    public int slotOf(final long id) {
        final long slot = (id & 0xffff_ffffL) - 1;
        if (slot < 0 || slot >= inFlight.length) {
            return NONE;
        }
        final int index = (int) slot;
        return inFlight[index] && idOf(index) == id ? index : NONE;
    }

    /** Whether a slot is taken. */
    public boolean isInFlight(final int slot) {
        return inFlight[slot];
    }

    /** Gives a slot back. */
    public void release(final int slot) {
        if (!inFlight[slot]) {
            throw new IllegalStateException("not in flight: slot=" + slot);
        }
        inFlight[slot] = false;
        uses[slot] = (uses[slot] + 1) & USE_MASK;
        free[freeCount++] = slot;
    }

    /** How many slots are taken. */
    public int inFlightCount() {
        return free.length - freeCount;
    }
}
