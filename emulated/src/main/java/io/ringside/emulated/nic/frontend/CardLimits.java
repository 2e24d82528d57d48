package io.ringside.emulated.nic.frontend;

import io.ringside.device.guest.NetLimits;
import io.ringside.hypervisor.GuestMemory;

/** What a card of one queue can do. */
public final class CardLimits {
    /** Most pieces of memory of one frame. */
    public static final int MAX_SEGMENTS = 18;

    private CardLimits() {}

    /** Whole frames with every checksum in place. */
    public static NetLimits plain(
            final int transmitDepth, final int receiveDepth, final int maxFrameBytes) {
        return limits(transmitDepth, receiveDepth, maxFrameBytes, false);
    }

    /** The same, and blank checksums, TCP over IPv4 that is to be cut, and VLAN tags. */
    public static NetLimits offloading(
            final int transmitDepth, final int receiveDepth, final int maxFrameBytes) {
        return limits(transmitDepth, receiveDepth, maxFrameBytes, true);
    }

    private static NetLimits limits(
            final int transmitDepth,
            final int receiveDepth,
            final int maxFrameBytes,
            final boolean offloads) {
        return new NetLimits(
                1,
                transmitDepth,
                receiveDepth,
                MAX_SEGMENTS,
                GuestMemory.PAGE_BYTES,
                maxFrameBytes,
                offloads,
                offloads,
                offloads,
                false,
                offloads,
                false);
    }
}
