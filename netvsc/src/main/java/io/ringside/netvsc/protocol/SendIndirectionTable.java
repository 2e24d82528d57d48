package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The message by which a host spreads what a guest sends over the channels: an {@link NvspMessage}
 * of type 134, then 16 numbers of channels, as u32, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        134        |    16, count      |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   offset of 0     |         0 ...     |
 *       +----+----+----+----+----+----+----+----+
 *   40  |     channel 0     |     channel 1 ... |   where offset says
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code struct nvsp_5_send_indirect_table}, hyperv_net.h. Threads: one flyweight per
 * thread.
 */
public final class SendIndirectionTable {
    /** Entries of a table: no other number works. */
    public static final int ENTRIES = 16;

    /** Bytes of the table alone. */
    public static final int TABLE_BYTES = ENTRIES * Integer.BYTES;

    /** Where the table starts, as hosts write it, and up to version 6 wherever they say it does. */
    public static final int USUAL_OFFSET = NvspMessage.BYTES;

    /** Bytes of the message with the table. */
    public static final int BYTES = USUAL_OFFSET + TABLE_BYTES;

    /** There is no table that can be. */
    public static final int NO_TABLE = -1;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over the table alone. */
    public SendIndirectionTable wrap(final MutableDirectBuffer memory, final int tableOffset) {
        buffer.wrap(memory, tableOffset, TABLE_BYTES);
        return this;
    }

    /**
     * Where the table of a message starts.
     *
     * @param messageBytes how many bytes of it there are
     * @return an offset with the whole table behind it, or {@link #NO_TABLE}
     */
    public static int offset(
            final NvspMessage message, final int messageBytes, final NvspVersion version) {
        if (message.tableCount() != ENTRIES) {
            return NO_TABLE;
        }
        if (!version.isAtLeast(NvspVersion.V6_1) && messageBytes >= BYTES) {
            return USUAL_OFFSET; // Hosts of old wrote a wrong offset.
        }
        final long told = message.tableOffset();
        final boolean isSound =
                told >= NvspMessageType.leastBytes(NvspMessageType.SEND_INDIRECTION_TABLE)
                        && told <= messageBytes - TABLE_BYTES;
        return isSound ? (int) told : NO_TABLE;
    }

    /** Writes one entry. */
    public void put(final int entry, final int channel) {
        buffer.putInt(entry * Integer.BYTES, channel, LITTLE_ENDIAN);
    }

    /** Number of the channel of an entry, as u32. */
    public long channel(final int entry) {
        return buffer.getInt(entry * Integer.BYTES, LITTLE_ENDIAN) & 0xffff_ffffL;
    }
}
