package io.ringside.storvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a controller offers: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |         0         |channels |    0    |
 *       +----+----+----+----+----+----+----+----+
 *    8  |       flags       |   max transfer    |
 *       +----+----+----+----+----+----+----+----+
 *   16  |                   0                   |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code channels} is how many more channels can be asked for, {@code max transfer} the most
 * bytes of data in one request.
 *
 * <p>Source: {@code struct vmstorage_channel_properties}, storvsc_drv.c. Threads: one flyweight per
 * thread.
 */
public final class ChannelProperties {
    /** Bytes of the struct. */
    public static final int BYTES = 24;

    /** Flag: more channels can be asked for. */
    public static final int SUPPORTS_MULTI_CHANNEL = 1;

    private static final int MAX_CHANNEL_COUNT_OFFSET = Integer.BYTES;
    private static final int FLAGS_OFFSET = MAX_CHANNEL_COUNT_OFFSET + 2 * Short.BYTES;
    private static final int MAX_TRANSFER_OFFSET = FLAGS_OFFSET + Integer.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over the struct. */
    public ChannelProperties wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, BYTES);
        return this;
    }

    /** Writes every field. */
    public ChannelProperties put(
            final int maxChannelCount, final int flags, final int maxTransferBytes) {
        buffer.setMemory(0, BYTES, (byte) 0);
        buffer.putShort(MAX_CHANNEL_COUNT_OFFSET, (short) maxChannelCount, LITTLE_ENDIAN);
        buffer.putInt(FLAGS_OFFSET, flags, LITTLE_ENDIAN);
        buffer.putInt(MAX_TRANSFER_OFFSET, maxTransferBytes, LITTLE_ENDIAN);
        return this;
    }

    /** How many more channels can be asked for, 0 to 65535. */
    public int maxChannelCount() {
        return buffer.getShort(MAX_CHANNEL_COUNT_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Whether more channels can be asked for at all. */
    public boolean supportsMultiChannel() {
        return (buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN) & SUPPORTS_MULTI_CHANNEL) != 0;
    }

    /** All flags, as u32. */
    public long flags() {
        return buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** Most bytes of data in one request, as u32. */
    public long maxTransferBytes() {
        return buffer.getInt(MAX_TRANSFER_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }
}
