package io.ringside.xen.netfront.backend;

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

/** A network whose every frame the test makes or sees. */
final class ScriptedPort implements PacketPort {
    /** A frame that was sent. */
    record Sent(byte[] bytes, FrameMetadata metadata, int segments) {}

    final List<Sent> sent = new ArrayList<>();
    final Set<Packet> lent = new HashSet<>();
    private final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    boolean linkUp = true;
    boolean takesBlank = true;
    boolean takesUncut = true;
    int room = Integer.MAX_VALUE;
    int maxFrameBytes = 1 << 16;
    int givenBack;

    /** A frame from the network, in pieces of the given lengths; the rest is one more. */
    FrameMetadata arrives(final byte[] frame, final int... pieces) {
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(frame.length));
        memory.putBytes(0, frame);
        final Packet packet = new Packet(pieces.length + 1, 0);
        int at = 0;
        for (final int piece : pieces) {
            packet.add(memory, at, piece);
            at += piece;
        }
        packet.add(memory, at, frame.length - at);
        waiting.add(packet);
        return packet.metadata();
    }

    int waiting() {
        return waiting.size();
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
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[packet.totalBytes()]);
        packet.copyTo(copy, 0);
        final FrameMetadata metadata = new FrameMetadata();
        metadata.copyFrom(packet.metadata());
        sent.add(new Sent(copy.byteArray(), metadata, packet.segmentCount()));
        return true;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        int taken = 0;
        while (taken < limit && !waiting.isEmpty()) {
            final Packet packet = waiting.remove();
            lent.add(packet);
            taken++;
            arrivals.arrived(packet);
        }
        return taken;
    }

    @Override
    public void giveBack(final Packet packet) {
        if (!lent.remove(packet)) {
            throw new IllegalArgumentException("not lent: tag=" + packet.tag());
        }
        givenBack++;
    }

    @Override
    public long dropped() {
        return 0;
    }

    @Override
    public void wakeWith(final Runnable wake) {
        throw new UnsupportedOperationException("the owner's, not the backend's");
    }

    @Override
    public void close() {
        linkUp = false;
    }
}
