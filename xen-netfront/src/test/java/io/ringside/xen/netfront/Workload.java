package io.ringside.xen.netfront;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.frontend.Netfront;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A user of a card that writes down what became of its frames, and what it received. */
class Workload implements NetCompletions {
    /** A received frame, as it was when it came; given back at once unless told otherwise. */
    record Received(int queue, byte[] bytes, NetFrame frame) {}

    private final NetBench bench;
    private final Netfront front;
    final List<NetFrame> sent = new ArrayList<>();
    final List<Received> received = new ArrayList<>();
    private final List<NetFrame> held = new ArrayList<>();
    boolean holds;
    int linkChanges;
    Runnable spoiler = () -> {};

    Workload(final NetBench bench, final Netfront front) {
        this.bench = bench;
        this.front = front;
        front.completionsTo(this);
    }

    @Override
    public void transmitted(final NetFrame frame) {
        sent.add(frame);
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        received.add(new Received(queue, bytes(frame), frame));
        if (holds) {
            held.add(frame);
        } else {
            front.giveBack(frame);
        }
    }

    @Override
    public void linkChanged() {
        linkChanges++;
    }

    /** Gives back what is held. */
    void release() {
        held.forEach(front::giveBack);
        held.clear();
        front.commit();
    }

    /** How many frames sent have ended so. */
    long sentWith(final NetStatus status) {
        return sent.stream().filter(frame -> frame.status() == status).count();
    }

    /** What a frame holds, in one piece. */
    byte[] bytes(final NetFrame frame) {
        final byte[] bytes = new byte[frame.totalBytes()];
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            bench.guest()
                    .view(frame.segmentAddress(i), frame.segmentBytes(i))
                    .getBytes(0, bytes, at, frame.segmentBytes(i));
            at += frame.segmentBytes(i);
        }
        return bytes;
    }

    /** A frame of bytes in fresh pages, in pieces of these lengths. */
    NetFrame frame(final byte[] bytes, final int... lengths) {
        final NetFrame frame = new NetFrame(Math.max(1, lengths.length));
        int at = 0;
        for (final int length : lengths.length == 0 ? new int[] {bytes.length} : lengths) {
            final long address =
                    ((long) bench.guest().frames().allocate() << GuestMemory.PAGE_SHIFT)
                            + (GuestMemory.PAGE_BYTES - length) / 2;
            final UnsafeBuffer view = bench.guest().view(address, length);
            view.putBytes(0, bytes, at, length);
            frame.addSegment(address, length);
            at += length;
        }
        return frame;
    }

    /** Bytes of an Ethernet frame of no known protocol, which a number tells from others. */
    static byte[] pattern(final int lengthBytes, final int number) {
        final byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (number * 31 + i * 7 + (i >>> 8));
        }
        bytes[0] = 2;
        if (lengthBytes > 13) {
            bytes[12] = (byte) 0x88;
            bytes[13] = (byte) 0xb5;
        }
        return bytes;
    }
}
