package io.ringside.emulated.e1000.frontend;

import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.nic.frontend.LentFrames;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive ring as the driver fills and empties it: each descriptor names one slot of the memory
 * that is lent to the workload, so that nothing is copied.
 *
 * <p>One descriptor stays unused, so that full does not look like empty. Threads: the vCPU's.
 */
final class ReceiveDescriptors {
    /** How many there are; the ring takes one page frame. */
    static final int COUNT = 256;

    private final UnsafeBuffer ring;
    private final LentFrames lent;
    private final int[] slots = new int[COUNT];
    private int next;
    private int oldest;
    private int lower;
    private int upper;

    ReceiveDescriptors(final UnsafeBuffer ring, final LentFrames lent) {
        this.ring = ring;
        this.lent = lent;
    }

    void restart() {
        ring.setMemory(0, COUNT * E1000Descriptor.SIZE_BYTES, (byte) 0);
        next = 0;
        oldest = 0;
    }

    /** Posts every slot that is free, and returns how many that were. */
    int refill() {
        int posted = 0;
        while ((oldest - next - 1 & COUNT - 1) > 0) {
            final int slot = lent.take();
            if (slot == LentFrames.NONE) {
                break;
            }
            final int at = next * E1000Descriptor.SIZE_BYTES;
            slots[next] = slot;
            ring.putLong(at, lent.address(slot), ByteOrder.LITTLE_ENDIAN);
            ring.putLong(at + E1000Descriptor.LOWER, 0);
            next = next + 1 & COUNT - 1;
            posted++;
        }
        return posted;
    }

    /** Whether less than half of the ring is posted. */
    boolean isRunningLow() {
        return (next - oldest & COUNT - 1) < COUNT / 2;
    }

    /** What the tail register is to be. */
    int tail() {
        return next;
    }

    /** Whether the oldest descriptor was written back; reads it once if so. */
    boolean isOldestDone() {
        if (oldest == next) {
            return false;
        }
        final int at = oldest * E1000Descriptor.SIZE_BYTES;
        upper = ring.getInt(at + E1000Descriptor.UPPER, ByteOrder.LITTLE_ENDIAN);
        if ((upper & E1000Descriptor.DONE) == 0) {
            return false;
        }
        VarHandle.acquireFence(); // What the card wrote before it said so.
        lower = ring.getInt(at + E1000Descriptor.LOWER, ByteOrder.LITTLE_ENDIAN);
        return true;
    }

    /** Length of the piece that was written back. */
    int lengthBytes() {
        return lower & E1000Descriptor.LENGTH_MASK;
    }

    /** Its status. */
    int status() {
        return upper & 0xFF;
    }

    /** Its errors. */
    int errors() {
        return upper >>> Byte.SIZE & 0xFF;
    }

    /** Its VLAN tag. */
    int vlanTag() {
        return upper >>> Short.SIZE;
    }

    /** Takes the oldest slot out of the ring. */
    int removeOldest() {
        final int slot = slots[oldest];
        oldest = oldest + 1 & COUNT - 1;
        return slot;
    }
}
