package io.ringside.perf.jmh;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A network with next to no work of its own: each frame holds its number at {@link #NUMBER_OFFSET}
 * and in its last eight bytes; of those that are sent to it both are checked, and those that it
 * brings are told by how many were asked for.
 *
 * <p>Threads: the backend's; {@link #ask} and {@link #sent} are the benchmark's.
 */
final class BenchPort implements PacketPort {
    /** Behind the headers of Ethernet, IPv4 and UDP. */
    static final int NUMBER_OFFSET = 44;

    private static final int MAX_FRAME_BYTES = 9018;
    private static final int SLOTS = 256;
    private static final int LEAST_SLOT_BYTES = 128;

    private final int frameBytes;
    private final int slotBytes;
    private final UnsafeBuffer memory;
    private final Packet[] packets = new Packet[SLOTS];
    private final int[] idle = new int[SLOTS];
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private int idleCount;
    private long brought;
    private long toBring;
    private long taken;
    private Runnable wake = () -> {};

    /** A network whose frames have so many bytes, 60 or more. */
    BenchPort(final int frameBytes) {
        this.frameBytes = frameBytes;
        slotBytes = Math.max(LEAST_SLOT_BYTES, Integer.highestOneBit(2 * frameBytes - 1));
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(SLOTS * slotBytes));
        for (int i = 0; i < SLOTS; i++) {
            packets[i] = new Packet(1, i);
            idle[idleCount++] = i;
            writeHeaders(memory, i * slotBytes, frameBytes);
        }
    }

    /** Writes an IPv4 header of UDP, from somebody to the bench's card. */
    static void writeHeaders(final UnsafeBuffer memory, final int at, final int frameBytes) {
        final ByteOrder order = ByteOrder.BIG_ENDIAN;
        memory.putInt(at, 0x0200_0000, order);
        memory.putInt(at + 4, 0x0001_0200, order);
        memory.putInt(at + 8, 0x0000_0002, order);
        memory.putInt(at + 12, 0x0800_4500, order);
        memory.putInt(at + 16, frameBytes - 14 << Short.SIZE, order);
        memory.putInt(at + 20, 0x4000_4011, order);
        memory.putInt(at + 26, 0x0A00_0001, order);
        memory.putInt(at + 30, 0x0A00_0002, order);
    }

    /** Writes a frame's number. */
    static void stamp(
            final UnsafeBuffer memory, final int at, final int frameBytes, final long number) {
        memory.putLong(at + NUMBER_OFFSET, number);
        memory.putLong(at + frameBytes - Long.BYTES, number);
    }

    /** Has so many frames more to bring. */
    void ask(final long count) {
        asked.setRelease(asked.getPlain() + count);
        wake.run();
    }

    /** How many frames were sent to it, as it last told. */
    long sent() {
        return sent.getAcquire();
    }

    /**
     * Tells how many frames were sent to it: when caught up, so that it costs the sender nothing.
     */
    void tell() {
        if (sent.getPlain() != taken) {
            sent.setRelease(taken);
        }
    }

    @Override
    public boolean isLinkUp() {
        return true;
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
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
        final UnsafeBuffer first = packet.segment(0);
        final UnsafeBuffer last = packet.segment(packet.segmentCount() - 1);
        final long number = taken++;
        if (packet.totalBytes() != frameBytes
                || first.getLong(NUMBER_OFFSET) != number
                || last.getLong(last.capacity() - Long.BYTES) != number) {
            throw new IllegalStateException(
                    "wrong frame: expected="
                            + number
                            + " number="
                            + first.getLong(NUMBER_OFFSET)
                            + " totalBytes="
                            + packet.totalBytes());
        }
        return true;
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        if (brought == toBring) {
            toBring = asked.getAcquire();
        }
        final int count = (int) Math.min(toBring - brought, Math.min(limit, idleCount));
        for (int i = 0; i < count; i++) {
            final int slot = idle[--idleCount];
            stamp(memory, slot * slotBytes, frameBytes, brought++);
            arrivals.arrived(packets[slot].reset().add(memory, slot * slotBytes, frameBytes));
        }
        return count;
    }

    @Override
    public boolean holdsBack() {
        return true;
    }

    @Override
    public void giveBack(final Packet packet) {
        idle[idleCount++] = packet.tag();
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
        // It has nothing to give back.
    }
}
