package io.ringside.emulated.tulip.frontend;

import io.ringside.emulated.nic.frontend.LentFrames;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive ring as the driver fills and empties it: each descriptor names one slot of the memory
 * that is lent to the workload, so that nothing is copied and no register is touched.
 *
 * <p>Threads: the vCPU's.
 */
final class ReceiveDescriptors {
    /** How many there are. */
    static final int COUNT = 128;

    /** Bytes of the ring. */
    static final int RING_BYTES = COUNT * TulipDescriptor.SIZE_BYTES;

    private static final int BUFFER_BYTES = 1540;
    private static final int CHECK_BYTES = 4;
    private static final int LONGEST_BYTES = 1518; // With a VLAN tag, without the check sequence.
    private static final int LONG_LENGTHS = 7 << TulipDescriptor.RECEIVED_LENGTH_SHIFT + 11;
    private static final int WHOLE = TulipDescriptor.RECEIVED_FIRST | TulipDescriptor.RECEIVED_LAST;
    private static final int WHOLE_OR_BAD =
            WHOLE
                    | LONG_LENGTHS
                    | TulipDescriptor.RECEIVED_WATCHDOG
                    | TulipDescriptor.RECEIVED_DAMAGED
                    | TulipDescriptor.RECEIVED_COLLISION
                    | TulipDescriptor.RECEIVED_RUNT
                    | TulipDescriptor.RECEIVED_CUT;

    private final UnsafeBuffer ring;
    private final LentFrames lent;
    private final int[] slots = new int[COUNT];
    private int next;
    private int posted;
    private int oldestStatus;

    ReceiveDescriptors(final UnsafeBuffer ring, final LentFrames lent) {
        this.ring = ring;
        this.lent = lent;
    }

    /** Empties the ring, of which no slot was taken yet. */
    void restart() {
        ring.setMemory(0, RING_BYTES, (byte) 0);
        next = 0;
        posted = 0;
    }

    /** Posts every slot that is free. */
    void refill() {
        while (posted < COUNT) {
            final int slot = lent.take();
            if (slot == LentFrames.NONE) {
                return;
            }
            slots[next] = slot;
            final int at = next * TulipDescriptor.SIZE_BYTES;
            final int end = next == COUNT - 1 ? TulipDescriptor.END_OF_RING : 0;
            ring.putInt(
                    at + TulipDescriptor.BUFFER_1,
                    (int) lent.address(slot),
                    ByteOrder.LITTLE_ENDIAN);
            ring.putInt(at + TulipDescriptor.CONTROL, BUFFER_BYTES | end, ByteOrder.LITTLE_ENDIAN);
            // Last, for the card may look at any time.
            ring.putInt(at + TulipDescriptor.STATUS, TulipDescriptor.OWN, ByteOrder.LITTLE_ENDIAN);
            next = (next + 1) % COUNT;
            posted++;
        }
    }

    /** Whether the card has given the oldest descriptor back; reads it once if so. */
    boolean isOldestDone() {
        if (posted == 0) {
            return false;
        }
        oldestStatus =
                ring.getInt(
                        oldest() * TulipDescriptor.SIZE_BYTES + TulipDescriptor.STATUS,
                        ByteOrder.LITTLE_ENDIAN);
        return (oldestStatus & TulipDescriptor.OWN) == 0;
    }

    private int oldest() {
        return (next - posted + COUNT) % COUNT;
    }

    /** Whether the oldest frame is whole and undamaged; longer than usual is no damage. */
    boolean isOldestGood() {
        return (oldestStatus & WHOLE_OR_BAD) == WHOLE
                && lengthBytes() > 0
                && lengthBytes() <= LONGEST_BYTES;
    }

    /** Length of the oldest frame, without its check sequence. */
    int lengthBytes() {
        final int withCheck =
                oldestStatus >>> TulipDescriptor.RECEIVED_LENGTH_SHIFT
                        & TulipDescriptor.RECEIVED_LENGTH_MASK;
        return withCheck - CHECK_BYTES;
    }

    /** Takes the oldest slot out of the ring. */
    int removeOldest() {
        final int slot = slots[oldest()];
        posted--;
        return slot;
    }
}
