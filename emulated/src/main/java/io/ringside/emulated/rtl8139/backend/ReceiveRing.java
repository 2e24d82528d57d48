package io.ringside.emulated.rtl8139.backend;

import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The block of guest memory in which received frames stand one behind the other.
 *
 * <pre>
 *   start            read offset            write offset         start + size    + spare
 *     |  free           |  frames not yet read  |  free               |            |
 *                                                     a frame that runs past the end
 *                                                     goes on in the spare bytes (NO_WRAP)
 *                                                     or at the start
 * </pre>
 *
 * <p>Offsets come from the guest and are taken modulo the size; whether the memory is there is
 * asked for every frame. Threads: the vCPU's.
 */
final class ReceiveRing {
    private static final int SMALLEST_BYTES = 8 << 10;
    private static final int LARGEST_CODE = 3;
    private static final int ALIGNMENT = 4;

    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final CheckSequence check = new CheckSequence();
    private long start;
    private int config;
    private int readOffset;
    private int writeOffset;

    ReceiveRing(final GuestMemory memory, final Vcpu vcpu) {
        this.memory = memory;
        this.vcpu = vcpu;
    }

    /** How a frame fared. */
    enum Outcome {
        STORED,
        NO_ROOM,
        NO_MEMORY
    }

    void reset() {
        start = 0;
        config = 0;
        readOffset = 0;
        writeOffset = 0;
    }

    void start(final int guestAddress) {
        start = Integer.toUnsignedLong(guestAddress);
        writeOffset = 0;
    }

    int start() {
        return (int) start;
    }

    void config(final int value) {
        config = value;
        writeOffset &= size() - 1;
    }

    int config() {
        return config;
    }

    /** The register, which stands 16 before the offset. */
    void readRegister(final int value) {
        readOffset = value + Rtl8139Registers.READ_OFFSET_BIAS & 0xFFFF;
    }

    int readRegister() {
        return readOffset - Rtl8139Registers.READ_OFFSET_BIAS & 0xFFFF;
    }

    int writeOffset() {
        return writeOffset;
    }

    boolean isEmpty() {
        return (readOffset & size() - 1) == writeOffset;
    }

    private int sizeCode() {
        return config >>> Rtl8139Bits.RING_SIZE_SHIFT & LARGEST_CODE;
    }

    private int size() {
        return SMALLEST_BYTES << sizeCode();
    }

    private boolean wraps() {
        return (config & Rtl8139Bits.NO_WRAP) == 0 || sizeCode() == LARGEST_CODE;
    }

    /** Whether there is room for any frame of so many bytes, without the check sequence. */
    boolean hasRoom(final int lengthBytes) {
        return neededBytes(lengthBytes) < free();
    }

    private static int neededBytes(final int lengthBytes) {
        final int withCheck = lengthBytes + Rtl8139Bits.CHECK_BYTES;
        return Rtl8139Bits.HEADER_BYTES + withCheck + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private int free() {
        return (readOffset - writeOffset - 1 & size() - 1) + 1;
    }

    /**
     * Stores a frame behind the last one.
     *
     * @param frame its bytes from 0 on, with room for the check sequence behind them
     * @param lengthBytes how many, without the check sequence
     * @param status the first half of its header
     */
    Outcome store(final ByteBuffer frame, final int lengthBytes, final int status) {
        final int withCheck = lengthBytes + Rtl8139Bits.CHECK_BYTES;
        final int size = size();
        if (!hasRoom(lengthBytes)) {
            return Outcome.NO_ROOM; // Full must not look like empty.
        }
        final int spare = wraps() ? 0 : Rtl8139Registers.RING_SPARE_BYTES;
        if (!memory.contains(start, size + spare)) {
            return Outcome.NO_MEMORY;
        }
        memory.wrap(view, start, size + spare);
        view.putShort(writeOffset, (short) status, ByteOrder.LITTLE_ENDIAN);
        view.putShort(writeOffset + Short.BYTES, (short) withCheck, ByteOrder.LITTLE_ENDIAN);
        check.append(frame, lengthBytes);
        copy(frame, withCheck, writeOffset + Rtl8139Bits.HEADER_BYTES);
        vcpu.copied(withCheck);
        writeOffset = writeOffset + neededBytes(lengthBytes) & size - 1;
        return Outcome.STORED;
    }

    private void copy(final ByteBuffer frame, final int lengthBytes, final int at) {
        // A header is a multiple of 4 in a ring of a multiple of 4: only what follows can wrap.
        final int from = at == size() && wraps() ? 0 : at;
        final int first = Math.min(lengthBytes, view.capacity() - from);
        view.putBytes(from, frame, 0, first);
        if (first < lengthBytes) {
            view.putBytes(0, frame, first, lengthBytes - first);
        }
    }
}
