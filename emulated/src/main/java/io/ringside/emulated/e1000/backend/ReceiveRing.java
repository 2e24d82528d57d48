package io.ringside.emulated.e1000.backend;

import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.host.Packet;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive descriptors, from the chip's head to the driver's tail.
 *
 * <p>A frame fills as many buffers as it needs, and each descriptor is written back with the length
 * of its piece; the last one says so, and what was found about checksums. A frame for which there
 * are not enough descriptors is missed as a whole. Threads: the vCPU's.
 */
final class ReceiveRing {
    private static final int LENGTH_UNIT = 128;
    private static final int MAX_LENGTH = 0xFFF80;
    private static final int SMALL_BUFFER = 2048;
    private static final int EXTENDED_SHIFT = 4;
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;

    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final Causes causes;
    private final UnsafeBuffer descriptor = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer target = new UnsafeBuffer(0, 0);
    private final TransportChecksum checksums = new TransportChecksum();
    private final Packet looked = new Packet(1, 0);
    private long base;
    private int lengthBytes;
    private int head;
    private int tail;
    private int delay;
    private int absoluteDelay;
    private long received;
    private long missed;

    ReceiveRing(final GuestMemory memory, final Vcpu vcpu, final Causes causes) {
        this.memory = memory;
        this.vcpu = vcpu;
        this.causes = causes;
    }

    void reset() {
        base = 0;
        lengthBytes = 0;
        head = 0;
        tail = 0;
        delay = 0;
        absoluteDelay = 0;
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
        if ((value & E1000Bits.RECEIVE_DELAY_FLUSH) != 0) {
            causes.flushReceived();
        }
    }

    int absoluteDelay() {
        return absoluteDelay;
    }

    void absoluteDelay(final int value) {
        absoluteDelay = value & 0xFFFF;
    }

    int takeReceived() {
        final int taken = (int) received;
        received = 0;
        return taken;
    }

    int takeMissed() {
        final int taken = (int) missed;
        missed = 0;
        return taken;
    }

    /** Whether there are buffers for a frame of so many bytes, with its check sequence. */
    boolean hasRoom(final int frameBytes, final int control) {
        final int bufferBytes = bufferBytes(control);
        return free() >= (frameBytes + bufferBytes - 1) / bufferBytes;
    }

    /** Descriptors that the chip has; none if head or tail is outside of the ring. */
    private int free() {
        final int count = lengthBytes / E1000Descriptor.SIZE_BYTES;
        return head >= count || tail >= count ? 0 : (tail - head + count) % count;
    }

    /**
     * Stores a frame.
     *
     * @param frame its bytes, and behind them its check sequence if that is not left out
     * @param frameBytes how many
     * @param control the receive control register
     * @param checksumControl the receive checksum register
     * @param vlanTag a tag that was stripped, or -1
     */
    void store(
            final UnsafeBuffer frame,
            final int frameBytes,
            final int control,
            final int checksumControl,
            final int vlanTag) {
        final int count = lengthBytes / E1000Descriptor.SIZE_BYTES;
        int totalBytes = frameBytes;
        if ((control & E1000Bits.RECEIVE_STRIP_CHECK) == 0) {
            totalBytes += CheckSequence.BYTES;
        }
        final int bufferBytes = bufferBytes(control);
        if (!hasRoom(totalBytes, control) || !memory.contains(base, lengthBytes)) {
            missed++;
            causes.raise(E1000Bits.CAUSE_RECEIVE_OVERRUN);
            return;
        }
        final int status = look(frame, frameBytes, checksumControl);
        final int sum = packetChecksum(frame, frameBytes, checksumControl);
        for (int done = 0; done < totalBytes; done += bufferBytes) {
            final int pieceBytes = Math.min(bufferBytes, totalBytes - done);
            final boolean isLast = done + pieceBytes == totalBytes;
            fill(frame, done, pieceBytes, isLast ? status : -1, sum, vlanTag);
            head = head + 1 == count ? 0 : head + 1;
        }
        received++;
        final int fraction = (control >>> E1000Bits.RECEIVE_LOW_SHIFT & 3) + 1;
        if (free() <= count >>> fraction) {
            causes.raise(E1000Bits.CAUSE_RECEIVE_LOW);
        }
        causes.received(delay, absoluteDelay);
    }

    private static int bufferBytes(final int control) {
        final int small = SMALL_BUFFER >>> (control >>> E1000Bits.RECEIVE_SIZE_SHIFT & 3);
        final boolean isExtended = (control & E1000Bits.RECEIVE_SIZE_EXTENDED) != 0;
        return isExtended ? small << EXTENDED_SHIFT : small;
    }

    private void fill(
            final UnsafeBuffer frame,
            final int offset,
            final int pieceBytes,
            final int lastStatus,
            final int sum,
            final int vlanTag) {
        final long at = base + (long) head * E1000Descriptor.SIZE_BYTES;
        memory.wrap(descriptor, at, E1000Descriptor.SIZE_BYTES);
        final long address = descriptor.getLong(E1000Descriptor.ADDRESS, ByteOrder.LITTLE_ENDIAN);
        if (memory.contains(address, pieceBytes)) {
            memory.wrap(target, address, pieceBytes);
            target.putBytes(0, frame, offset, pieceBytes);
            vcpu.copied(pieceBytes);
        }
        int status = E1000Descriptor.DONE;
        int errors = 0;
        if (lastStatus >= 0) {
            status |= E1000Descriptor.RECEIVED_END | lastStatus & 0xFF;
            errors = lastStatus >>> Byte.SIZE;
            if (vlanTag >= 0) {
                status |= E1000Descriptor.TAG_STRIPPED;
            }
        }
        final long tagged = vlanTag >= 0 ? vlanTag & 0xFFFFL : 0;
        descriptor.putLong(
                E1000Descriptor.LOWER,
                pieceBytes
                        | (long) sum << 16
                        | (long) status << 32
                        | (long) errors << 40
                        | tagged << 48,
                ByteOrder.LITTLE_ENDIAN);
    }

    /** Status bits, with error bits 8 further up. */
    private int look(final UnsafeBuffer frame, final int frameBytes, final int control) {
        if ((control & (E1000Bits.CHECKSUM_IP | E1000Bits.CHECKSUM_TRANSPORT)) == 0) {
            return E1000Descriptor.CHECKSUM_IGNORED;
        }
        int status = 0;
        if ((control & E1000Bits.CHECKSUM_IP) != 0 && isIpv4(frame, frameBytes)) {
            final int headerBytes = (frame.getByte(ETHERNET_BYTES) & 0xF) * Integer.BYTES;
            if (headerBytes >= IPV4_BYTES && ETHERNET_BYTES + headerBytes <= frameBytes) {
                status |= E1000Descriptor.IP_CHECKED;
                if (InternetChecksum.add(0, frame, ETHERNET_BYTES, headerBytes) != 0xFFFF) {
                    status |= E1000Descriptor.IP_WRONG << Byte.SIZE;
                }
            }
        }
        if ((control & E1000Bits.CHECKSUM_TRANSPORT) != 0) {
            switch (checksums.verify(looked.reset().add(frame, 0, frameBytes))) {
                case RIGHT -> status |= E1000Descriptor.TRANSPORT_CHECKED;
                case WRONG ->
                        status |=
                                E1000Descriptor.TRANSPORT_CHECKED
                                        | E1000Descriptor.TRANSPORT_WRONG << Byte.SIZE;
                case UNKNOWN -> {
                    // Nothing to say of it.
                }
            }
        }
        return status == 0 ? E1000Descriptor.CHECKSUM_IGNORED : status;
    }

    private static boolean isIpv4(final UnsafeBuffer frame, final int frameBytes) {
        return frameBytes >= ETHERNET_BYTES + IPV4_BYTES
                && frame.getShort(ETHERNET_BYTES - Short.BYTES, ByteOrder.BIG_ENDIAN) == 0x0800
                && frame.getByte(ETHERNET_BYTES) >>> 4 == 4;
    }

    /** The sum over everything from the start that the low 8 bits name. */
    private static int packetChecksum(
            final UnsafeBuffer frame, final int frameBytes, final int control) {
        final int start = control & 0xFF;
        return start < frameBytes ? InternetChecksum.add(0, frame, start, frameBytes - start) : 0;
    }
}
