package io.ringside.emulated.e1000.backend;

import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The transmit descriptors, from the chip's head to the driver's tail.
 *
 * <p>Each descriptor is read once. The pieces of a frame are gathered in private memory; with the
 * last one the frame is finished and sent. A frame that is too long, or names memory that is not
 * there, is dropped, counted, and reported as done, as the chip does. At most {@link #BURST}
 * descriptors are taken a call. Threads: the vCPU's.
 */
final class TransmitRing {
    /** Most descriptors taken a call. */
    static final int BURST = 256;

    private static final int LENGTH_UNIT = 128;
    private static final int MAX_LENGTH = 0xFFF80;

    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final Offloads offloads;
    private final Causes causes;
    private final UnsafeBuffer descriptor = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private long base;
    private int lengthBytes;
    private int head;
    private int tail;
    private int delay;
    private int absoluteDelay;

    // Of the frame that is being gathered.
    private int frameBytes;
    private int options;
    private int firstCommand;
    private boolean hasFirst;
    private boolean isSpoilt;
    private boolean waitsForPort;
    private long address;
    private long rest;
    private boolean isFinished;
    private long sent;
    private long refused;

    TransmitRing(
            final GuestMemory memory,
            final Vcpu vcpu,
            final Offloads offloads,
            final Causes causes) {
        this.memory = memory;
        this.vcpu = vcpu;
        this.offloads = offloads;
        this.causes = causes;
    }

    void reset() {
        base = 0;
        lengthBytes = 0;
        head = 0;
        tail = 0;
        delay = 0;
        absoluteDelay = 0;
        waitsForPort = false;
        startFrame();
    }

    private void startFrame() {
        frameBytes = 0;
        options = 0;
        hasFirst = false;
        isSpoilt = false;
        isFinished = false;
    }

    long base() {
        return base;
    }

    void base(final long value) {
        base = value & -E1000Descriptor.SIZE_BYTES;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    void lengthBytes(final int value) {
        lengthBytes = value & MAX_LENGTH & -LENGTH_UNIT;
    }

    int head() {
        return head;
    }

    void head(final int value) {
        head = value & 0xFFFF;
    }

    int tail() {
        return tail;
    }

    void tail(final int value) {
        tail = value & 0xFFFF;
    }

    int delay() {
        return delay;
    }

    void delay(final int value) {
        delay = value & 0xFFFF;
    }

    int absoluteDelay() {
        return absoluteDelay;
    }

    void absoluteDelay(final int value) {
        absoluteDelay = value & 0xFFFF;
    }

    /** Good frames sent since the register was read. */
    int takeSent() {
        final int taken = (int) sent;
        sent = 0;
        return taken;
    }

    /** Whether a frame waits until the port has room for it. */
    boolean waitsForPort() {
        return waitsForPort;
    }

    /** Frames that were dropped for the guest's fault. */
    long refused() {
        return refused;
    }

    /** Takes descriptors until the tail; returns how many. */
    int work(final int control, final int vlanType, final boolean tags) {
        final int count = lengthBytes / E1000Descriptor.SIZE_BYTES;
        if ((control & E1000Bits.TRANSMIT_ON) == 0
                || head >= count
                || tail >= count
                || !memory.contains(base, lengthBytes)) {
            return 0;
        }
        int taken = 0;
        boolean reports = false;
        while (head != tail && taken < BURST) {
            final long at = base + (long) head * E1000Descriptor.SIZE_BYTES;
            memory.wrap(descriptor, at, E1000Descriptor.SIZE_BYTES);
            if (!waitsForPort) {
                address = descriptor.getLong(E1000Descriptor.ADDRESS);
                rest = descriptor.getLong(E1000Descriptor.LOWER);
            }
            if (!take(control, vlanType, tags)) {
                break; // The port has no room: what was read of the descriptor waits.
            }
            reports |= writeBack((int) rest);
            head = head + 1 == count ? 0 : head + 1;
            taken++;
        }
        if (taken > 0) {
            causes.raise(
                    (reports ? E1000Bits.CAUSE_TRANSMIT_DONE : 0)
                            | (head == tail ? E1000Bits.CAUSE_TRANSMIT_EMPTY : 0));
        }
        return taken;
    }

    /** Whether the interrupt is wanted at once. */
    private boolean writeBack(final int lower) {
        if ((lower & E1000Descriptor.REPORT) == 0) {
            return false;
        }
        final byte status = descriptor.getByte(E1000Descriptor.UPPER);
        descriptor.putByte(E1000Descriptor.UPPER, (byte) (status | E1000Descriptor.DONE));
        if ((lower & E1000Descriptor.DELAY) != 0 && delay != 0) {
            causes.sent(delay, absoluteDelay);
            return false;
        }
        return true;
    }

    private boolean take(final int control, final int vlanType, final boolean tags) {
        final int lower = (int) rest;
        final int upper = (int) (rest >>> Integer.SIZE);
        final boolean isExtended = (lower & E1000Descriptor.EXTENDED) != 0;
        if (isExtended && (lower & E1000Descriptor.DATA) == 0) {
            offloads.context(address, rest);
            return true;
        }
        if (!waitsForPort) {
            if (!hasFirst) {
                hasFirst = true;
                firstCommand = lower;
                options = isExtended ? upper : 0;
            }
            gather(
                    lower
                            & (isExtended
                                    ? E1000Descriptor.EXTENDED_LENGTH_MASK
                                    : E1000Descriptor.LENGTH_MASK));
        }
        if ((lower & E1000Descriptor.END_OF_PACKET) == 0) {
            return true;
        }
        if (!finish(lower, upper, isExtended, control, tags ? vlanType : 0)) {
            waitsForPort = true;
            return false;
        }
        waitsForPort = false;
        startFrame();
        return true;
    }

    private void gather(final int pieceBytes) {
        if (pieceBytes == 0 || isSpoilt) {
            return;
        }
        if (pieceBytes > Offloads.MAX_BYTES - frameBytes || !memory.contains(address, pieceBytes)) {
            isSpoilt = true;
            return;
        }
        memory.wrap(source, address, pieceBytes);
        offloads.frame().putBytes(frameBytes, source, 0, pieceBytes);
        vcpu.copied(pieceBytes);
        frameBytes += pieceBytes;
    }

    /** Finishes and sends the frame; false if the port has no room for it now. */
    private boolean finish(
            final int lower,
            final int upper,
            final boolean isExtended,
            final int control,
            final int vlanType) {
        final boolean cuts =
                isExtended
                        && (firstCommand & E1000Descriptor.SEGMENT) != 0
                        && (options & E1000Descriptor.OPTION_TRANSPORT) != 0;
        if (!isFinished) {
            isFinished = true;
            isSpoilt |= frameBytes < 14 || !prepare(lower, upper, isExtended, cuts, vlanType);
            if ((control & E1000Bits.TRANSMIT_PAD) != 0 && !isSpoilt) {
                frameBytes = offloads.pad(frameBytes);
            }
        }
        if (isSpoilt) {
            refused++;
            return true;
        }
        if (!(cuts ? offloads.sendPieces() : offloads.send(frameBytes))) {
            return false;
        }
        sent++;
        return true;
    }

    private boolean prepare(
            final int lower,
            final int upper,
            final boolean isExtended,
            final boolean cuts,
            final int vlanType) {
        if (cuts) {
            final boolean tagged = (lower & E1000Descriptor.INSERT_TAG) != 0 && vlanType == 0x8100;
            return offloads.beginCutting(frameBytes, tagged ? upper >>> 16 : -1);
        }
        boolean done;
        if (isExtended) {
            done = options == 0 || offloads.sums(options, frameBytes);
        } else {
            done =
                    (lower & E1000Descriptor.INSERT_CHECKSUM) == 0
                            || offloads.sum(upper >>> 8 & 0xFF, lower >>> 16 & 0xFF, frameBytes);
        }
        if ((lower & E1000Descriptor.INSERT_TAG) != 0 && vlanType != 0) {
            frameBytes = offloads.tag(vlanType, upper >>> 16, frameBytes);
        }
        return done;
    }
}
