package io.ringside.storvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message of the storage protocol: 64 bytes (48 before version 5.1), little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |     operation     |       flags       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |      status       |  52 bytes (or 36) by operation ...
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code operation} is one of {@link VstorOperation}, {@code flags} bit 0 asks for an answer,
 * {@code status} is a {@link NtStatus} in an answer. Behind lies a {@link ScsiRequest}, {@link
 * ChannelProperties}, {@link WorldWideNames}, a version word with a revision, a count of channels,
 * or nothing.
 *
 * <p>Source: {@code struct vstor_packet}, storvsc_drv.c. Threads: one flyweight per thread.
 */
public final class VstorPacket {
    /** Bytes of every packet from version 5.1 on. */
    public static final int BYTES = 64;

    /** Bytes before what the operation carries. */
    public static final int HEADER_BYTES = 12;

    /** Bytes of every packet before version 5.1. */
    public static final int SHORT_BYTES = HEADER_BYTES + ScsiRequest.SHORT_BYTES;

    /** Flag: an answer is wanted. */
    public static final int REQUEST_COMPLETION = 1;

    private static final int OPERATION_OFFSET = 0;
    private static final int FLAGS_OFFSET = OPERATION_OFFSET + Integer.BYTES;
    private static final int STATUS_OFFSET = FLAGS_OFFSET + Integer.BYTES;
    private static final int VERSION_OFFSET = HEADER_BYTES;
    private static final int REVISION_OFFSET = VERSION_OFFSET + Short.BYTES;
    private static final int SUB_CHANNEL_COUNT_OFFSET = HEADER_BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over a packet of 12 bytes or more. */
    public VstorPacket wrap(
            final MutableDirectBuffer memory, final int offset, final int packetBytes) {
        if (packetBytes < HEADER_BYTES) {
            throw new IllegalArgumentException("no packet: packetBytes=" + packetBytes);
        }
        buffer.wrap(memory, offset, packetBytes);
        return this;
    }

    /** Writes the header, and zeros behind it. */
    public VstorPacket put(final int operation, final int flags, final int status) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
        return putHeader(operation, flags, status);
    }

    /** Writes the header alone. */
    public VstorPacket putHeader(final int operation, final int flags, final int status) {
        buffer.putInt(OPERATION_OFFSET, operation, LITTLE_ENDIAN);
        buffer.putInt(FLAGS_OFFSET, flags, LITTLE_ENDIAN);
        buffer.putInt(STATUS_OFFSET, status, LITTLE_ENDIAN);
        return this;
    }

    /** Writes the version that a guest offers. */
    public VstorPacket putVersion(final int word) {
        buffer.putShort(VERSION_OFFSET, (short) word, LITTLE_ENDIAN);
        buffer.putShort(REVISION_OFFSET, (short) 0, LITTLE_ENDIAN);
        return this;
    }

    /** Writes how many more channels a guest asks for. */
    public VstorPacket putSubChannelCount(final int count) {
        buffer.putShort(SUB_CHANNEL_COUNT_OFFSET, (short) count, LITTLE_ENDIAN);
        return this;
    }

    /** Bytes of the packet. */
    public int packetBytes() {
        return buffer.capacity();
    }

    /** What it asks for or tells: see {@link VstorOperation}. */
    public int operation() {
        return buffer.getInt(OPERATION_OFFSET, LITTLE_ENDIAN);
    }

    /** Whether its sender wants an answer. */
    public boolean wantsCompletion() {
        return (buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN) & REQUEST_COMPLETION) != 0;
    }

    /** All flags, as u32. */
    public long flags() {
        return buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** How the host answers: see {@link NtStatus}. */
    public int status() {
        return buffer.getInt(STATUS_OFFSET, LITTLE_ENDIAN);
    }

    /** The version that is offered, 0 to 65535. The packet has 16 bytes at least. */
    public int version() {
        return buffer.getShort(VERSION_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** The revision of the version, 0 to 65535. The packet has 16 bytes at least. */
    public int revision() {
        return buffer.getShort(REVISION_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** How many more channels are asked for, 0 to 65535. The packet has 14 bytes at least. */
    public int subChannelCount() {
        return buffer.getShort(SUB_CHANNEL_COUNT_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Lays a flyweight over the SCSI request behind the header, as long as the packet has it. */
    public ScsiRequest request(final ScsiRequest request) {
        return request.wrap(
                buffer,
                HEADER_BYTES,
                Math.min(ScsiRequest.BYTES, buffer.capacity() - HEADER_BYTES));
    }

    /** Writes the names of a fibre channel adapter. The packet has 48 bytes at least. */
    public VstorPacket putNames(final WorldWideNames names) {
        names.write(buffer, HEADER_BYTES);
        return this;
    }

    /** The names of a fibre channel adapter. The packet has 48 bytes at least. */
    public WorldWideNames names() {
        return WorldWideNames.read(buffer, HEADER_BYTES);
    }

    /** Lays a flyweight over the properties behind the header. */
    public ChannelProperties properties(final ChannelProperties properties) {
        return properties.wrap(buffer, HEADER_BYTES);
    }
}
