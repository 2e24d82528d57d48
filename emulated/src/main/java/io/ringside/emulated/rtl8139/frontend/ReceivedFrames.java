package io.ringside.emulated.rtl8139.frontend;

import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive ring as the driver reads it.
 *
 * <p>Each header is read once. A card that tells nonsense is not believed: {@link #look} says so,
 * and the driver resets it. Threads: the vCPU's.
 */
final class ReceivedFrames {
    /** Bytes of the ring proper. */
    static final int RING_BYTES = 32 << 10;

    /** Bytes of memory that it takes. */
    static final int MEMORY_BYTES = RING_BYTES + Rtl8139Registers.RING_SPARE_BYTES;

    /** Bits of the receive configuration that say so. */
    static final int SIZE_CODE = 2 << Rtl8139Bits.RING_SIZE_SHIFT;

    private static final int SHORTEST_BYTES = 8;
    private static final int LONGEST_BYTES =
            Rtl8139Registers.MAX_TRANSMIT_BYTES + Rtl8139Bits.CHECK_BYTES;
    private static final int UNDER_WAY = 0xFFF0;

    private final UnsafeBuffer memory;
    private int offset;
    private int withCheck;

    ReceivedFrames(final UnsafeBuffer memory) {
        this.memory = memory;
    }

    /** What stands at the read offset. */
    enum Sight {
        FRAME,
        UNFINISHED,
        NONSENSE
    }

    void restart() {
        offset = 0;
    }

    /** Looks at the next header; only if the card says that there is one. */
    Sight look() {
        final int header = memory.getInt(offset, ByteOrder.LITTLE_ENDIAN);
        withCheck = header >>> Short.SIZE;
        if (withCheck == UNDER_WAY) {
            return Sight.UNFINISHED;
        }
        final boolean isWhole =
                (header & Rtl8139Bits.RECEIVED_OK) != 0
                        && withCheck >= SHORTEST_BYTES
                        && withCheck <= LONGEST_BYTES;
        return isWhole ? Sight.FRAME : Sight.NONSENSE;
    }

    /** Length of the frame that was looked at, without its check sequence. */
    int lengthBytes() {
        return withCheck - Rtl8139Bits.CHECK_BYTES;
    }

    /** Copies the frame that was looked at. */
    void copyTo(final UnsafeBuffer target) {
        target.putBytes(0, memory, offset + Rtl8139Bits.HEADER_BYTES, lengthBytes());
    }

    /** Goes on behind it, and says what the read offset register is to be. */
    int advance() {
        offset =
                offset + Rtl8139Bits.HEADER_BYTES + withCheck + 3 & -Integer.BYTES & RING_BYTES - 1;
        return offset - Rtl8139Registers.READ_OFFSET_BIAS & 0xFFFF;
    }
}
