package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.hypervisor.GuestMemory;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A list of descriptors in guest memory, and the chip's place in it.
 *
 * <p>A descriptor is copied once, and everything but its owner is taken from the copy. A list may
 * lead anywhere, also back to itself: whoever walks it bounds the walk. Threads: the vCPU's.
 */
final class DescriptorList {
    private static final long ADDRESS_MASK = 0xFFFF_FFFCL;

    private final GuestMemory memory;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long base;
    private long position;
    private int skipBytes;
    private int status;
    private int control;
    private long buffer1;
    private long buffer2;

    DescriptorList(final GuestMemory memory) {
        this.memory = memory;
    }

    void reset() {
        base(0);
        skipBytes = 0;
    }

    long base() {
        return base;
    }

    /** The list starts there, and so does the chip. */
    void base(final int guestAddress) {
        base = guestAddress & ADDRESS_MASK;
        position = base;
    }

    /** How many bytes lie between two descriptors that are not chained. */
    void skip(final int bytes) {
        skipBytes = bytes;
    }

    /** Where the chip is. */
    long position() {
        return position;
    }

    /** Copies the descriptor at the chip's place; false if there is no memory. */
    boolean fetch() {
        if (!memory.contains(position, TulipDescriptor.SIZE_BYTES)) {
            return false;
        }
        memory.wrap(view, position, TulipDescriptor.SIZE_BYTES);
        status = view.getInt(TulipDescriptor.STATUS, ByteOrder.LITTLE_ENDIAN);
        control = view.getInt(TulipDescriptor.CONTROL, ByteOrder.LITTLE_ENDIAN);
        buffer1 = unsigned(TulipDescriptor.BUFFER_1);
        buffer2 = unsigned(TulipDescriptor.BUFFER_2);
        return true;
    }

    private long unsigned(final int offset) {
        return Integer.toUnsignedLong(view.getInt(offset, ByteOrder.LITTLE_ENDIAN));
    }

    boolean isOwned() {
        return (status & TulipDescriptor.OWN) != 0;
    }

    int control() {
        return control;
    }

    long buffer1() {
        return buffer1;
    }

    int length1() {
        return control & TulipDescriptor.LENGTH_MASK;
    }

    long buffer2() {
        return buffer2;
    }

    /** No bytes if the second address is that of the next descriptor. */
    int length2() {
        return isChained()
                ? 0
                : control >>> TulipDescriptor.LENGTH_2_SHIFT & TulipDescriptor.LENGTH_MASK;
    }

    private boolean isChained() {
        return (control & (TulipDescriptor.CHAINED | TulipDescriptor.END_OF_RING))
                == TulipDescriptor.CHAINED;
    }

    /** Goes on to the descriptor behind the copied one. */
    void advance() {
        if ((control & TulipDescriptor.END_OF_RING) != 0) {
            position = base;
        } else if (isChained()) {
            position = buffer2 & ADDRESS_MASK;
        } else {
            position = position + TulipDescriptor.SIZE_BYTES + skipBytes & ADDRESS_MASK;
        }
    }

    /** Gives a descriptor that was fetched back to the guest. */
    void close(final long at, final int finalStatus) {
        memory.wrap(view, at, TulipDescriptor.SIZE_BYTES);
        view.putInt(
                TulipDescriptor.STATUS,
                finalStatus & ~TulipDescriptor.OWN,
                ByteOrder.LITTLE_ENDIAN);
    }
}
