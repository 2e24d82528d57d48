package io.ringside.netvsc.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** A network that keeps what it is sent, and hands over what the test says. */
final class RecordingPort implements PacketPort {
    /** One frame, as it was sent. */
    record Sent(byte[] bytes, FrameMetadata metadata) {}

    final List<Sent> sent = new ArrayList<>();
    final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    final Set<Packet> lent = new HashSet<>();
    boolean takesBlank = true;
    boolean takesUncut = true;
    boolean linkUp = true;
    int maxFrameBytes = 65_536;

    /** How many more frames it takes. */
    int room = Integer.MAX_VALUE;

    /** Runs before a frame is copied: whatever the guest does meanwhile. */
    Runnable meanwhile = () -> {};

    private Runnable wake = () -> {};

    /** Lets a frame arrive. */
    FrameMetadata arrive(final byte[] bytes) {
        final UnsafeBuffer memory =
                new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(1, bytes.length)));
        memory.putBytes(0, bytes);
        final Packet packet = new Packet(4, waiting.size());
        final int half = bytes.length / 2; // In two pieces, as frames may come.
        if (half > 0) {
            packet.add(memory, 0, half);
        }
        packet.add(memory, half, bytes.length - half);
        waiting.add(packet);
        wake.run();
        return packet.metadata();
    }

    @Override
    public boolean isLinkUp() {
        return linkUp;
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public boolean takesBlankChecksums() {
        return takesBlank;
    }

    @Override
    public boolean takesUncutFrames() {
        return takesUncut;
    }

    @Override
    public boolean send(final Packet packet) {
        if (room == 0) {
            return false;
        }
        room--;
        meanwhile.run();
        final byte[] bytes = new byte[packet.totalBytes()];
        packet.copyTo(new UnsafeBuffer(bytes), 0);
        final FrameMetadata metadata = new FrameMetadata();
        metadata.copyFrom(packet.metadata());
        sent.add(new Sent(bytes, metadata));
        return true;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        int count = 0;
        while (count < limit && !waiting.isEmpty()) {
            final Packet packet = waiting.removeFirst();
            lent.add(packet);
            count++;
            arrivals.arrived(packet);
        }
        return count;
    }

    @Override
    public void giveBack(final Packet packet) {
        if (!lent.remove(packet)) {
            throw new IllegalArgumentException("not lent: tag=" + packet.tag());
        }
    }

    @Override
    public long dropped() {
        return 0;
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
