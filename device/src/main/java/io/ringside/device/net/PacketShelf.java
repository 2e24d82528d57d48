package io.ringside.device.net;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Room for so many packets that wait for a backend or are lent to it.
 *
 * <pre>
 *            put                take                  giveBack
 *   free  --------&gt;  waiting  --------&gt;  lent to the  --------&gt;  free
 *  (stack)           (in order)          backend     (any order)
 * </pre>
 *
 * <p>Threads: one.
 */
final class PacketShelf {
    private static final byte FREE = 0;
    private static final byte WAITING = 1;
    private static final byte LENT = 2;

    private final int slotBytes;
    private final UnsafeBuffer memory;
    private final Packet[] packets;
    private final byte[] states;
    private final int[] freeSlots;
    private final int[] waitingSlots;
    private int freeCount;
    private int waitingHead;
    private int waitingCount;

    PacketShelf(final int slots, final int slotBytes) {
        if (slots <= 0 || slotBytes <= 0 || (long) slots * slotBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "no such shelf: slots=" + slots + " slotBytes=" + slotBytes);
        }
        this.slotBytes = slotBytes;
        this.memory = new UnsafeBuffer(ByteBuffer.allocateDirect(slots * slotBytes));
        this.packets = new Packet[slots];
        this.states = new byte[slots];
        this.freeSlots = new int[slots];
        this.waitingSlots = new int[slots];
        for (int i = 0; i < slots; i++) {
            packets[i] = new Packet(1, i);
            freeSlots[i] = slots - 1 - i;
        }
        freeCount = slots;
    }

    int slotBytes() {
        return slotBytes;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean hasWaiting() {
        return waitingCount > 0;
    }

    int waiting() {
        return waitingCount;
    }

    /** Copies a packet that fits in; only while it is not full. */
    void put(final Packet source) {
        final int slot = claim();
        source.copyTo(memory, offset(slot));
        packets[slot].metadata().copyFrom(source.metadata());
        publish(slot, source.totalBytes());
    }

    /** Takes a free slot, for a frame to be written to; only while it is not full. */
    int claim() {
        freeCount--;
        final int slot = freeSlots[freeCount];
        packets[slot].reset();
        return slot;
    }

    /** Where all slots lie. */
    UnsafeBuffer memory() {
        return memory;
    }

    /** Where one slot starts. */
    int offset(final int slot) {
        return slot * slotBytes;
    }

    /** What is to be said of the frame in a claimed slot. */
    FrameMetadata metadata(final int slot) {
        return packets[slot].metadata();
    }

    /** Has the frame in a claimed slot wait. */
    void publish(final int slot, final int lengthBytes) {
        packets[slot].add(memory, offset(slot), lengthBytes);
        int tail = waitingHead + waitingCount;
        if (tail >= waitingSlots.length) {
            tail -= waitingSlots.length;
        }
        waitingSlots[tail] = slot;
        waitingCount++;
        states[slot] = WAITING;
    }

    int take(final PacketArrivals arrivals, final int limit) {
        int taken = 0;
        while (taken < limit && waitingCount > 0) {
            final int slot = waitingSlots[waitingHead];
            waitingHead = waitingHead + 1 == waitingSlots.length ? 0 : waitingHead + 1;
            waitingCount--;
            states[slot] = LENT;
            taken++;
            arrivals.arrived(packets[slot]);
        }
        return taken;
    }

    void giveBack(final Packet packet) {
        final int slot = packet.tag();
        if (slot < 0 || slot >= packets.length || packets[slot] != packet || states[slot] != LENT) {
            throw new IllegalArgumentException("not lent by this port: tag=" + slot);
        }
        states[slot] = FREE;
        freeSlots[freeCount] = slot;
        freeCount++;
    }
}
