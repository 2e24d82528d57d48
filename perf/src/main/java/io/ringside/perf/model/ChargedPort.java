package io.ringside.perf.model;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;

/**
 * A network as a host's operating system has it: each frame takes some work behind the backend.
 *
 * <p>Threads and errors are those of {@link PacketPort}.
 */
final class ChargedPort implements PacketPort {
    private final PacketPort port;
    private final Simulation simulation;
    private final long workNanos;

    /**
     * A port before another.
     *
     * @param workNanos what a frame takes, from whoever sends or takes it
     */
    ChargedPort(final PacketPort port, final Simulation simulation, final long workNanos) {
        this.port = port;
        this.simulation = simulation;
        this.workNanos = workNanos;
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
        final boolean sent = port.send(packet);
        if (sent && workNanos > 0) {
            simulation.stall(workNanos);
        }
        return sent;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        final int taken = port.take(arrivals, limit);
        if (taken > 0 && workNanos > 0) {
            simulation.stall(taken * workNanos);
        }
        return taken;
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
