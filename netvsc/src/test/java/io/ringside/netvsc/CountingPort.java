package io.ringside.netvsc;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;

/** Another port, of which it is known how many packets are lent. */
final class CountingPort implements PacketPort {
    private final PacketPort port;
    private int lent;

    CountingPort(final PacketPort port) {
        this.port = port;
    }

    int lent() {
        return lent;
    }

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
        return port.takesBlankChecksums();
    }

    @Override
    public boolean takesUncutFrames() {
        return port.takesUncutFrames();
    }

    @Override
    public boolean send(final Packet packet) {
        return port.send(packet);
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        return port.take(
                packet -> {
                    lent++;
                    arrivals.arrived(packet);
                },
                limit);
    }

    @Override
    public void giveBack(final Packet packet) {
        lent--;
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
