package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One named setting, by which a guest changes the address of its card, or tells what its user has
 * set for the card: 20 bytes, a name, a value; little-endian. What is set by {@link
 * Oid#GEN_RNDIS_CONFIG_PARAMETER}. Offsets count from its start; text is UTF-16.
 *
 * <pre>
 *  byte   0         4         8         12        16        20
 *       +---------+---------+---------+---------+---------+----------------------------+
 *       | name at | bytes   | type    | value at| bytes   | NetworkAddress 00155D...   |
 *       +---------+---------+---------+---------+---------+----------------------------+
 * </pre>
 *
 * <p>Source: {@code struct rndis_config_parameter_info}, hyperv_net.h. Threads: one flyweight per
 * thread.
 */
public final class RndisConfigParameter {
    /** Bytes before the name. */
    public static final int HEADER_BYTES = 20;

    /** The name of the card's address; the value is 12 hexadecimal digits. */
    public static final String NETWORK_ADDRESS = "NetworkAddress";

    /** Type of a value: a word. */
    public static final int TYPE_INTEGER = 0;

    /** Type of a value: text. */
    public static final int TYPE_STRING = 2;

    /** No digit. */
    public static final int NO_DIGIT = -1;

    /** No address. */
    public static final long NO_ADDRESS = -1;

    /** Bytes of a setting of the card's address. */
    public static final int ADDRESS_BYTES = HEADER_BYTES + 2 * (NETWORK_ADDRESS.length() + 12);

    private static final int NAME_BYTES_OFFSET = Integer.BYTES;
    private static final int TYPE_OFFSET = NAME_BYTES_OFFSET + Integer.BYTES;
    private static final int VALUE_OFFSET_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final int VALUE_BYTES_OFFSET = VALUE_OFFSET_OFFSET + Integer.BYTES;
    private static final int DIGITS = 12;
    private static final int BITS_PER_DIGIT = 4;
    private static final int RADIX = 16;
    private static final int MOST_TEXT_BYTES = 255;
    private static final byte[] NAME = name(NETWORK_ADDRESS);
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over so many bytes that are there. */
    public RndisConfigParameter wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        buffer.wrap(memory, offset, lengthBytes);
        return this;
    }

    /** Sets the card's address: 48 bits, its first byte on the wire the highest of them. */
    public RndisConfigParameter putAddress(final long address) {
        buffer.putInt(0, HEADER_BYTES, LITTLE_ENDIAN);
        buffer.putInt(NAME_BYTES_OFFSET, NAME.length, LITTLE_ENDIAN);
        buffer.putInt(TYPE_OFFSET, TYPE_STRING, LITTLE_ENDIAN);
        buffer.putInt(VALUE_OFFSET_OFFSET, HEADER_BYTES + NAME.length, LITTLE_ENDIAN);
        buffer.putInt(VALUE_BYTES_OFFSET, DIGITS * Character.BYTES, LITTLE_ENDIAN);
        buffer.putBytes(HEADER_BYTES, NAME);
        for (int i = 0; i < DIGITS; i++) {
            final int digit = (int) (address >>> (DIGITS - 1 - i) * BITS_PER_DIGIT) & (RADIX - 1);
            final int at = HEADER_BYTES + NAME.length + i * Character.BYTES;
            final char letter = Character.toUpperCase(Character.forDigit(digit, RADIX));
            buffer.putShort(at, (short) letter, LITTLE_ENDIAN);
        }
        return this;
    }

    /** The name of a setting as it is written. */
    public static byte[] name(final String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }

    /** Whether there are a name and a value, of a type that is known, and none too long. */
    public boolean isSound() {
        final long nameBytes = buffer.capacity() < HEADER_BYTES ? 0 : u32(NAME_BYTES_OFFSET);
        if (nameBytes == 0
                || nameBytes > MOST_TEXT_BYTES
                || nameBytes % Character.BYTES != 0
                || u32(VALUE_BYTES_OFFSET) > MOST_TEXT_BYTES) {
            return false;
        }
        final int valueBytes = (int) u32(VALUE_BYTES_OFFSET);
        final long type = u32(TYPE_OFFSET);
        return (type == TYPE_STRING && valueBytes % Character.BYTES == 0
                        || type == TYPE_INTEGER && valueBytes == Integer.BYTES)
                && isInside(u32(0), (int) nameBytes)
                && isInside(u32(VALUE_OFFSET_OFFSET), valueBytes);
    }

    /** Whether a sound setting has such a {@link #name}. */
    public boolean isNamed(final byte[] name) {
        return u32(NAME_BYTES_OFFSET) == name.length && hasName(name);
    }

    private boolean hasName(final byte[] name) {
        final int at = (int) u32(0);
        for (int i = 0; i < name.length; i++) {
            if (buffer.getByte(at + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first letter of a sound setting as a decimal digit, or {@link #NO_DIGIT}. */
    public int digit() {
        if (u32(TYPE_OFFSET) != TYPE_STRING || u32(VALUE_BYTES_OFFSET) < Character.BYTES) {
            return NO_DIGIT;
        }
        final int letter = buffer.getShort((int) u32(VALUE_OFFSET_OFFSET), LITTLE_ENDIAN) & 0xffff;
        return letter >= '0' && letter <= '9' ? letter - '0' : NO_DIGIT;
    }

    /** The address that is set; {@link #NO_ADDRESS} if it is no sound setting of one. */
    public long address() {
        if (buffer.capacity() < HEADER_BYTES
                || u32(NAME_BYTES_OFFSET) != NAME.length
                || u32(TYPE_OFFSET) != TYPE_STRING
                || u32(VALUE_BYTES_OFFSET) != DIGITS * Character.BYTES
                || !isInside(u32(0), NAME.length)
                || !isInside(u32(VALUE_OFFSET_OFFSET), DIGITS * Character.BYTES)) {
            return NO_ADDRESS;
        }
        if (!hasName(NAME)) {
            return NO_ADDRESS;
        }
        final int valueAt = (int) u32(VALUE_OFFSET_OFFSET);
        long address = 0;
        for (int i = 0; i < DIGITS; i++) {
            final int letter =
                    buffer.getShort(valueAt + i * Character.BYTES, LITTLE_ENDIAN) & 0xffff;
            final int digit = letter < 0x80 ? Character.digit(letter, RADIX) : -1;
            if (digit < 0) {
                return NO_ADDRESS;
            }
            address = address << BITS_PER_DIGIT | digit;
        }
        return address;
    }

    private boolean isInside(final long offset, final int lengthBytes) {
        return offset >= HEADER_BYTES && offset + lengthBytes <= buffer.capacity();
    }

    private long u32(final int offset) {
        return buffer.getInt(offset, LITTLE_ENDIAN) & U32;
    }
}
