package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A GUID as it stands on the wire: 16 bytes, of which the first three groups of the text form are
 * little-endian numbers.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  group 1          | group 2 | group 3 |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  groups 4 and 5, byte by byte         |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * @param first the first 8 bytes, as a little-endian number
 * @param second the other 8 bytes, as a little-endian number
 */
public record Guid(long first, long second) {
    /** Bytes on the wire. */
    public static final int BYTES = 16;

    /** All zeros. */
    public static final Guid NONE = new Guid(0, 0);

    /** Reads the text form, for example {@code f8615163-df3e-46c5-913f-f2d2f965ed0e}. */
    public static Guid parse(final String text) {
        final UUID uuid = UUID.fromString(text);
        final long high = uuid.getMostSignificantBits();
        final long groups = (high >>> 32) | (high >>> 16 & 0xffffL) << 32 | (high & 0xffffL) << 48;
        return new Guid(groups, Long.reverseBytes(uuid.getLeastSignificantBits()));
    }

    /** Reads 16 bytes. */
    public static Guid read(final DirectBuffer buffer, final int offset) {
        return new Guid(
                buffer.getLong(offset, LITTLE_ENDIAN),
                buffer.getLong(offset + Long.BYTES, LITTLE_ENDIAN));
    }

    /** Writes 16 bytes. */
    public void write(final MutableDirectBuffer buffer, final int offset) {
        buffer.putLong(offset, first, LITTLE_ENDIAN);
        buffer.putLong(offset + Long.BYTES, second, LITTLE_ENDIAN);
    }

    /** The text form, in lower case. */
    @Override
    public String toString() {
        final long high = first << 32 | (first >>> 32 & 0xffffL) << 16 | first >>> 48;
        return new UUID(high, Long.reverseBytes(second)).toString();
    }
}
