package io.ringside.emulated.e1000;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;

/** A port that takes neither blank checksums nor frames that are still to be cut. */
record CuttingPort(PacketPort port) implements PacketPort {
    @Override
    public boolean isLinkUp() {
        return port.isLinkUp();
    }

    @Override
    public int maxFrameBytes() {
        return port.maxFrameBytes();
    }

    @Override
    public boolean takesBlankChecksums() {
        return false;
    }

    @Override
    public boolean takesUncutFrames() {
        return false;
    }

    @Override
    public boolean send(final Packet packet) {
        return port.send(packet);
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        return port.take(arrivals, limit);
    }

    @Override
    public void giveBack(final Packet packet) {
        port.giveBack(packet);
    }

    @Override
    public long dropped() {
        return port.dropped();
    }

    @Override
    public void wakeWith(final Runnable wake) {
        port.wakeWith(wake);
    }

    @Override
    public void close() {
        port.close();
    }
}
