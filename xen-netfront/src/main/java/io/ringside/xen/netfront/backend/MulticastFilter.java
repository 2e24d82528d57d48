package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * The multicast addresses that a frontend wants, at most 64: all others are held back from it, if
 * it has asked for that.
 *
 * <p>Addresses are 48 bits, the first byte on the wire the highest. Threads: one. Source: {@code
 * feature-multicast-control}, xen/io/netif.h.
 */
final class MulticastFilter {
    private static final int GROUP_BIT_SHIFT = 40;
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private final long[] addresses = new long[NetifLimits.MAX_MULTICAST_ADDRESSES];
    private int count;
    private boolean active;

    /** Begins to hold multicasts back, or ends it; the list stays. */
    void activate(final boolean wanted) {
        active = wanted;
    }

    /** Adds an address, unless it is there; false if there is no room, or it is no multicast. */
    boolean add(final long address) {
        if (!isMulticast(address)) {
            return false;
        }
        if (indexOf(address) >= 0) {
            return true;
        }
        if (count == addresses.length) {
            return false;
        }
        addresses[count++] = address;
        return true;
    }

    /** Removes an address, if it is there. */
    void remove(final long address) {
        final int index = indexOf(address);
        if (index >= 0) {
            count--;
            addresses[index] = addresses[count];
        }
    }

    /** Whether there is anything to look at a destination for. */
    boolean isActive() {
        return active;
    }

    /** Whether a frame to this address is for the frontend, as far as this list knows. */
    boolean passes(final long destination) {
        return !active || !isMulticast(destination) || indexOf(destination) >= 0;
    }

    private static boolean isMulticast(final long address) {
        return (address >>> GROUP_BIT_SHIFT & 1) != 0 && address != BROADCAST;
    }

    private int indexOf(final long address) {
        for (int i = 0; i < count; i++) {
            if (addresses[i] == address) {
                return i;
            }
        }
        return -1;
    }
}
