package io.ringside.device.net;

import java.util.Arrays;

/**
 * Which address was last seen at which port, and when: so many entries and no more.
 *
 * <p>An address belongs into one set of four entries, so that nothing here looks at more than four.
 * When a set is full, the entry that was seen the longest ago makes room: a guest that invents
 * addresses can push others out, and then they are flooded again, but nothing grows.
 *
 * <p>Threads: one.
 */
final class MacTable {
    static final int NOWHERE = -1;

    private static final int WAYS = 4;
    private static final long EMPTY = -1;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final long ageLimitNanos;
    private final long[] addresses;
    private final long[] seenNanos;
    private final int[] ports;
    private final int setShift;

    /**
     * Makes an empty table.
     *
     * @param entries a power of two from 8 on
     * @param ageLimitNanos how long an entry holds after its address was last seen
     */
    MacTable(final int entries, final long ageLimitNanos) {
        if (entries < 2 * WAYS || Integer.bitCount(entries) != 1 || ageLimitNanos <= 0) {
            throw new IllegalArgumentException(
                    "no such table: entries=" + entries + " ageLimitNanos=" + ageLimitNanos);
        }
        this.ageLimitNanos = ageLimitNanos;
        this.addresses = new long[entries];
        this.seenNanos = new long[entries];
        this.ports = new int[entries];
        this.setShift = Long.SIZE - Integer.numberOfTrailingZeros(entries / WAYS);
        Arrays.fill(addresses, EMPTY);
    }

    /** Notes that an address was seen at a port. */
    void learn(final long address, final int port, final long nowNanos) {
        final int first = firstOf(address);
        int victim = first;
        for (int i = first; i < first + WAYS; i++) {
            if (addresses[i] == address) {
                victim = i;
                break;
            }
            if (addresses[victim] != EMPTY
                    && (addresses[i] == EMPTY || seenNanos[i] - seenNanos[victim] < 0)) {
                victim = i;
            }
        }
        addresses[victim] = address;
        ports[victim] = port;
        seenNanos[victim] = nowNanos;
    }

    private int firstOf(final long address) {
        return (int) ((address * SPREAD) >>> setShift) * WAYS;
    }

    /** The port where an address was last seen, or {@link #NOWHERE} if that is too long ago. */
    int portOf(final long address, final long nowNanos) {
        final int first = firstOf(address);
        for (int i = first; i < first + WAYS; i++) {
            if (addresses[i] == address) {
                return nowNanos - seenNanos[i] < ageLimitNanos ? ports[i] : NOWHERE;
            }
        }
        return NOWHERE;
    }

    /** Forgets all addresses of one port. */
    void forget(final int port) {
        for (int i = 0; i < addresses.length; i++) {
            if (ports[i] == port) {
                addresses[i] = EMPTY;
            }
        }
    }
}
