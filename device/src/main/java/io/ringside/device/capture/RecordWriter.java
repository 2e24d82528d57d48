package io.ringside.device.capture;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the bytes of a capture in one format, in either byte order.
 *
 * <p>The drawings are at {@code ClassicPcap} and {@code PcapNg}. Threads: one.
 */
final class RecordWriter {
    /** Most bytes that a record has besides its frame, and that a file has before the first one. */
    static final int MAX_EXTRA_BYTES = 64;

    private static final long NANOS_OF_A_SECOND = 1_000_000_000;
    private static final int NANOS_OF_A_MICRO = 1000;
    private static final int NANOSECONDS = 9;
    private static final int SECTION_BYTES = 28;
    private static final int INTERFACE_BYTES = 32;
    private static final int PACKET_BYTES = 32;
    private static final long UNKNOWN_LENGTH = -1;

    private final CaptureFormat format;
    private final ByteOrder order;
    private final int snapBytes;

    RecordWriter(final CaptureFormat format, final ByteOrder order, final int snapBytes) {
        this.format = format;
        this.order = order;
        this.snapBytes = snapBytes;
    }

    /** Most bytes that are kept of a frame. */
    int snapBytes() {
        return snapBytes;
    }

    /** Writes what comes before the first record, and says how many bytes that is. */
    int writeStart(final UnsafeBuffer target) {
        if (format == CaptureFormat.PCAPNG) {
            writeSection(target, 0);
            writeInterface(target, SECTION_BYTES);
            return SECTION_BYTES + INTERFACE_BYTES;
        }
        target.putInt(
                0,
                format == CaptureFormat.PCAP_MICROS
                        ? ClassicPcap.MAGIC_MICROS
                        : ClassicPcap.MAGIC_NANOS,
                order);
        target.putShort(4, (short) ClassicPcap.MAJOR_VERSION, order);
        target.putShort(6, (short) ClassicPcap.MINOR_VERSION, order);
        target.putLong(8, 0);
        target.putInt(16, snapBytes, order);
        target.putInt(20, Capture.ETHERNET, order);
        return ClassicPcap.HEADER_BYTES;
    }

    private void writeSection(final UnsafeBuffer target, final int at) {
        writeLengths(target, at, PcapNg.SECTION, SECTION_BYTES);
        target.putInt(at + 8, PcapNg.BYTE_ORDER_MAGIC, order);
        target.putShort(at + 12, (short) PcapNg.MAJOR_VERSION, order);
        target.putShort(at + 14, (short) 0, order);
        target.putLong(at + 16, UNKNOWN_LENGTH, order);
    }

    private void writeInterface(final UnsafeBuffer target, final int at) {
        writeLengths(target, at, PcapNg.INTERFACE, INTERFACE_BYTES);
        target.putShort(at + 8, (short) Capture.ETHERNET, order);
        target.putShort(at + 10, (short) 0, order);
        target.putInt(at + 12, snapBytes, order);
        target.putShort(at + 16, (short) PcapNg.TIME_RESOLUTION_OPTION, order);
        target.putShort(at + 18, (short) 1, order);
        target.putInt(at + 20, NANOSECONDS, ByteOrder.LITTLE_ENDIAN);
        target.putInt(at + 24, 0);
    }

    private void writeLengths(
            final UnsafeBuffer target, final int at, final int type, final int lengthBytes) {
        target.putInt(at, type, order);
        target.putInt(at + 4, lengthBytes, order);
        target.putInt(at + lengthBytes - Integer.BYTES, lengthBytes, order);
    }

    /** Where in its record a frame starts. */
    int frameOffset() {
        return format == CaptureFormat.PCAPNG
                ? PACKET_BYTES - Integer.BYTES
                : ClassicPcap.RECORD_BYTES;
    }

    /** Length of a record with so much of a frame in it. */
    int recordBytes(final int lengthBytes) {
        return format == CaptureFormat.PCAPNG
                ? PACKET_BYTES + padded(lengthBytes)
                : ClassicPcap.RECORD_BYTES + lengthBytes;
    }

    private static int padded(final int lengthBytes) {
        return lengthBytes + Integer.BYTES - 1 & -Integer.BYTES;
    }

    /**
     * Writes all of a record but its frame.
     *
     * @param lengthBytes how much of the frame is kept
     */
    void writeRecord(
            final UnsafeBuffer target,
            final int at,
            final int lengthBytes,
            final int originalBytes,
            final long nanos) {
        if (format == CaptureFormat.PCAPNG) {
            writePacket(target, at, lengthBytes, originalBytes, nanos);
            return;
        }
        final long fraction = Math.floorMod(nanos, NANOS_OF_A_SECOND);
        target.putInt(at, (int) Math.floorDiv(nanos, NANOS_OF_A_SECOND), order);
        target.putInt(
                at + 4,
                (int)
                        (format == CaptureFormat.PCAP_MICROS
                                ? fraction / NANOS_OF_A_MICRO
                                : fraction),
                order);
        target.putInt(at + 8, lengthBytes, order);
        target.putInt(at + 12, originalBytes, order);
    }

    private void writePacket(
            final UnsafeBuffer target,
            final int at,
            final int lengthBytes,
            final int originalBytes,
            final long nanos) {
        for (int i = lengthBytes; i < padded(lengthBytes); i++) {
            target.putByte(at + frameOffset() + i, (byte) 0);
        }
        writeLengths(target, at, PcapNg.ENHANCED_PACKET, recordBytes(lengthBytes));
        target.putInt(at + 8, 0);
        target.putInt(at + 12, (int) (nanos >>> Integer.SIZE), order);
        target.putInt(at + 16, (int) nanos, order);
        target.putInt(at + 20, lengthBytes, order);
        target.putInt(at + 24, originalBytes, order);
    }
}
