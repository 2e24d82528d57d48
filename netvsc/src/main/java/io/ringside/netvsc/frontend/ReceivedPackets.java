package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets with received frames that are not finished: each is answered, and with that its part of
 * the receive buffer given back, once the last of its frames is.
 *
 * <pre>
 *          begin              hold, for each frame        the last let go
 *   free  -------&gt;  in hand  ---------------------&gt; ... ------------------&gt;  answered, or owed
 *                                                                             until there is room
 * </pre>
 *
 * <p>Allocated once. Threads: one.
 */
final class ReceivedPackets {
    /** Bytes of an answer that mean something; more are not sent. */
    private static final int ANSWER_BYTES = 8;

    private final Channel rings;
    private final long[] ids;
    private final int[] holds;
    private final boolean[] failed;
    private final Slots slots;
    private final int[] owed;
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[ANSWER_BYTES]);
    private int owedFirst;
    private int owedCount;

    ReceivedPackets(final Channel rings, final int most) {
        this.rings = rings;
        this.ids = new long[most];
        this.holds = new int[most];
        this.failed = new boolean[most];
        this.slots = new Slots(most, 1);
        this.owed = new int[most];
        answer.putInt(0, NvspMessageType.SEND_RNDIS_PACKET_COMPLETE, ByteOrder.LITTLE_ENDIAN);
    }

    /** How many are not finished. */
    int unfinished() {
        return slots.count() - slots.freeCount();
    }

    /** Whether no more can be taken in hand. */
    boolean isFull() {
        return slots.freeCount() == 0;
    }

    /** Takes a packet in hand, and holds it; only while it is not full. */
    int begin(final long id) {
        final int slot = slots.take();
        ids[slot] = id;
        holds[slot] = 1;
        failed[slot] = false;
        return slot;
    }

    /** One more frame of it is with the workload. */
    void hold(final int slot) {
        holds[slot]++;
    }

    /** Something in it was not sound. */
    void fail(final int slot) {
        failed[slot] = true;
    }

    /** One less. */
    void letGo(final int slot) {
        holds[slot]--;
        if (holds[slot] == 0 && (owedCount != 0 || !send(slot))) {
            int last = owedFirst + owedCount;
            if (last >= owed.length) {
                last -= owed.length;
            }
            owed[last] = slot;
            owedCount++;
        }
    }

    private boolean send(final int slot) {
        if (!send(ids[slot], failed[slot] ? NvspStatus.FAIL : NvspStatus.SUCCESS)) {
            return false;
        }
        slots.giveBack(slot);
        return true;
    }

    /** Stages an answer; false if there is no room for it. */
    boolean send(final long id, final int status) {
        answer.putInt(Integer.BYTES, status, ByteOrder.LITTLE_ENDIAN);
        return rings.outgoing().write(PacketType.COMPLETION, 0, id, answer, 0, ANSWER_BYTES)
                == RingStatus.OK;
    }

    /** Stages what is owed, as far as there is room; how much that was. */
    int pay() {
        int count = 0;
        while (owedCount != 0 && send(owed[owedFirst])) {
            owedFirst = owedFirst + 1 == owed.length ? 0 : owedFirst + 1;
            owedCount--;
            count++;
        }
        return count;
    }
}
