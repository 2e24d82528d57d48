package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.NetifLimits;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/**
 * What a workload asks of its card beside frames: it may change at any time, and is told to the
 * backend when the agent works next, and to every backend after that.
 *
 * <p>A backend that does not know a setting is not told, and nothing else happens.
 *
 * <p>Threads: one, the driver's.
 */
public final class NetfrontSettings {
    private static final long LOCAL_ADDRESSES = 0xffff_ffff_ffffL;
    private static final int GROUP_BIT_SHIFT = 40;

    private final LongHashSet multicasts = new LongHashSet();
    private boolean filtersMulticasts;
    private int xdpHeadroomBytes;
    private @Nullable HashSettings hashing;
    private boolean multicastsChanged;
    private boolean filterChanged;
    private boolean headroomChanged;
    private boolean hashingChanged;

    NetfrontSettings(final NetfrontOptions options) {
        filtersMulticasts = options.multicastControl();
        xdpHeadroomBytes = options.xdpHeadroomBytes();
        hashing = options.hashing();
    }

    /**
     * Asks for what is sent to a multicast address.
     *
     * @param address 48 bits, the first byte on the wire the highest
     * @return false if 64 are asked for already
     */
    public boolean joinMulticast(final long address) {
        if ((address & ~LOCAL_ADDRESSES) != 0 || (address >>> GROUP_BIT_SHIFT & 1) == 0) {
            throw new IllegalArgumentException("not a multicast: address=" + address);
        }
        if (multicasts.size() == NetifLimits.MAX_MULTICAST_ADDRESSES) {
            return multicasts.contains(address);
        }
        multicastsChanged |= multicasts.add(address);
        return true;
    }

    /** Asks no more for what is sent to a multicast address; false if nobody did. */
    public boolean leaveMulticast(final long address) {
        final boolean left = multicasts.remove(address);
        multicastsChanged |= left;
        return left;
    }

    /**
     * Whether multicasts that nobody joined are held back. A backend that cannot change that while
     * it is connected learns of it with the next connection.
     */
    public void filterMulticasts(final boolean on) {
        filterChanged |= on != filtersMulticasts;
        filtersMulticasts = on;
    }

    /** How many bytes a backend leaves free before what is received, 0 to 32767. */
    public void xdpHeadroom(final int bytes) {
        if (bytes < 0 || bytes > NetifLimits.MAX_XDP_HEADROOM_BYTES) {
            throw new IllegalArgumentException("no such headroom: bytes=" + bytes);
        }
        headroomChanged |= bytes != xdpHeadroomBytes;
        xdpHeadroomBytes = bytes;
    }

    /**
     * How a backend spreads packets over the queues; null to leave that to it. A connection that
     * began with one queue at most, and without this, keeps to that.
     */
    public void hashing(final @Nullable HashSettings settings) {
        hashing = settings;
        hashingChanged = true;
    }

    LongHashSet multicasts() {
        return multicasts;
    }

    boolean filtersMulticasts() {
        return filtersMulticasts;
    }

    int xdpHeadroomBytes() {
        return xdpHeadroomBytes;
    }

    @Nullable HashSettings hashing() {
        return hashing;
    }

    /** A connection begins: it is told all, and has been told the keys. */
    void begin() {
        multicastsChanged = !multicasts.isEmpty();
        filterChanged = false;
        headroomChanged = false;
        hashingChanged = hashing != null;
    }

    boolean areChanged() {
        return multicastsChanged | filterChanged | headroomChanged | hashingChanged;
    }

    /** Whether this is still to be told; it is the caller's to tell it. */
    boolean takeFilterChange() {
        final boolean changed = filterChanged;
        filterChanged = false;
        return changed;
    }

    /** The same for the headroom. */
    boolean takeHeadroomChange() {
        final boolean changed = headroomChanged;
        headroomChanged = false;
        return changed;
    }

    boolean areMulticastsChanged() {
        return multicastsChanged;
    }

    void multicastsTold() {
        multicastsChanged = false;
    }

    /** The same for how packets are spread. */
    boolean takeHashingChange() {
        final boolean changed = hashingChanged;
        hashingChanged = false;
        return changed;
    }
}
