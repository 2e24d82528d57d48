package io.ringside.device.net;

import io.ringside.device.host.Packet;

/**
 * A network on which everything that is sent comes back: bytes, offloads and all.
 *
 * <p>It drops nothing for want of room, but has the backend wait. Threads: its backend's.
 */
public final class LoopbackPort extends ShelfPort {
    /**
     * Makes a port.
     *
     * @param slots most packets that wait or are lent
     * @param maxFrameBytes most bytes of one packet
     */
    public LoopbackPort(final int slots, final int maxFrameBytes) {
        super(new PacketShelf(slots, maxFrameBytes));
    }

    @Override
    public boolean send(final Packet packet) {
        if (!mayLeave(packet.totalBytes(), 1)) {
            return true;
        }
        if (shelf.isFull()) {
            return false;
        }
        put(packet);
        return true;
    }
}
