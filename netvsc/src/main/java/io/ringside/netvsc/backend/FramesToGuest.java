package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import io.ringside.netvsc.protocol.NvspMessage;

/**
 * The frames that go to a guest by one channel: lays them down, sends them, and keeps so many that
 * wait for room.
 *
 * <p>Threads: one.
 */
final class FramesToGuest implements FrameWriter.Outlet {
    private final Netvsp device;
    private final NetvspQueue queue;
    private final NetvspCounters counters;
    private final FrameWriter writer;
    private final HeldFrames held;
    private final Delivery delivery;

    FramesToGuest(final Netvsp device, final NetvspQueue queue) {
        this.device = device;
        this.queue = queue;
        this.counters = device.counters();
        this.writer = device.frameWriter();
        this.held = new HeldFrames(device.options().heldFrames());
        this.delivery =
                new Delivery(queue.index(), NvspMessage.CHANNEL_DATA, Handshake.CONTROL_SECTIONS);
    }

    /** Drops all that is not sent. */
    void clear() {
        delivery.drop();
        while (!held.isEmpty()) {
            device.giveBack(held.remove());
            counters.framesDropped++;
        }
    }

    /** Whether frames wait here for room. */
    boolean isHeldUp() {
        return !held.isEmpty();
    }

    /** Hands one frame over, or keeps it until there is room, or drops it. */
    void receive(final Packet frame) {
        final FrameWriter.Result result =
                held.isEmpty() ? write(frame) : FrameWriter.Result.NO_ROOM;
        if (result != FrameWriter.Result.NO_ROOM) {
            device.giveBack(frame);
        } else if (!held.add(frame)) {
            counters.framesDropped++;
            device.giveBack(frame);
        }
    }

    private FrameWriter.Result write(final Packet frame) {
        final ReceiveBuffer into = device.handshake().receiveBuffer();
        if (into == null || queue.rings() == null) {
            counters.framesDropped++;
            return FrameWriter.Result.UNFIT;
        }
        FrameWriter.Result result = writer.write(frame, this, into);
        if (result == FrameWriter.Result.NO_ROOM && !delivery.isEmpty() && flush()) {
            result = writer.write(frame, this, into);
        }
        if (result == FrameWriter.Result.WRITTEN) {
            counters.framesReceived++;
            counters.bytesReceived += frame.totalBytes();
        } else if (result == FrameWriter.Result.UNFIT) {
            counters.framesDropped++;
        }
        return result;
    }

    /** Hands over frames that waited; how many. */
    int receiveHeld() {
        int work = 0;
        while (!held.isEmpty()) {
            final Packet frame = held.first();
            device.adapter().spread().channelOf(frame); // For its hash.
            if (write(frame) == FrameWriter.Result.NO_ROOM) {
                return work;
            }
            device.giveBack(held.remove());
            work++;
        }
        return work;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    @Override
    public boolean flush() {
        return queue.send(delivery);
    }
}
