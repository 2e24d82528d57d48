package io.ringside.device.net;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;

/**
 * What all ports are: a shelf of packets for one backend, a link, a wake-up, a count of drops.
 *
 * <p>A port says what it does with a frame that is sent, and has the backend woken when it puts
 * something on an empty shelf. It takes blank checksums and uncut frames unless it says otherwise.
 * Threads: one.
 */
abstract class ShelfPort implements PacketPort {
    final PacketShelf shelf;
    private Runnable wake = () -> {};
    private boolean linkUp = true;
    private long dropped;

    ShelfPort(final PacketShelf shelf) {
        this.shelf = shelf;
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

    /** Whether a frame of such a length may leave; if not, it is dropped and counted. */
    final boolean mayLeave(final int lengthBytes, final int minBytes) {
        final boolean may = linkUp && lengthBytes >= minBytes && lengthBytes <= maxFrameBytes();
        if (!may) {
            dropped++;
        }
        return may;
    }

    /** Puts a packet on the shelf, which has room. */
    final void put(final Packet packet) {
        final boolean waited = shelf.hasWaiting();
        shelf.put(packet);
        wakeUnless(waited);
    }

    /** Wakes the backend, unless something waited for it before. */
    final void wakeUnless(final boolean waited) {
        if (!waited) {
            wake.run();
        }
    }

    final void drop(final long frames) {
        dropped += frames;
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
