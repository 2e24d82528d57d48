package io.ringside.device.net;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;

/**
 * A network on which everything that is sent comes back: bytes, offloads and all.
 *
 * <p>It drops nothing for want of room, but has the backend wait. Threads: its backend's.
 */
public final class LoopbackPort implements PacketPort {
    private final PacketShelf shelf;
    private Runnable wake = () -> {};
    private boolean linkUp = true;
    private long dropped;

    /**
     * Makes a port.
     *
     * @param slots most packets that wait or are lent
     * @param maxFrameBytes most bytes of one packet
     */
    public LoopbackPort(final int slots, final int maxFrameBytes) {
        this.shelf = new PacketShelf(slots, maxFrameBytes);
    }

    @Override
    public boolean isLinkUp() {
        return linkUp;
    }

    @Override
    public int maxFrameBytes() {
        return shelf.slotBytes();
    }

    @Override
    public boolean takesBlankChecksums() {
        return true;
    }

    @Override
    public boolean takesUncutFrames() {
        return true;
    }

    @Override
    public boolean send(final Packet packet) {
        final int lengthBytes = packet.totalBytes();
        if (!linkUp || lengthBytes == 0 || lengthBytes > shelf.slotBytes()) {
            dropped++;
            return true;
        }
        if (shelf.isFull()) {
            return false;
        }
        final boolean wakes = !shelf.hasWaiting();
        shelf.put(packet);
        if (wakes) {
            wake.run();
        }
        return true;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        return shelf.take(arrivals, limit);
    }

    @Override
    public void giveBack(final Packet packet) {
        shelf.giveBack(packet);
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void wakeWith(final Runnable newWake) {
        wake = newWake;
    }

    @Override
    public void close() {
        linkUp = false;
    }
}
