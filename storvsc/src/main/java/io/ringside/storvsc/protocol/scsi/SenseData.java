package io.ringside.storvsc.protocol.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A condition, with its two forms on the wire; big-endian. Fixed form, 18 bytes:
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |code| 0  |key |    information    | 10 |
 *       +----+----+----+----+----+----+----+----+
 *    8  |         0         |asc |ascq| 0  |sks0|
 *       +----+----+----+----+----+----+----+----+
 *   16  |sks1,sks2|
 *       +----+----+
 * </pre>
 *
 * <p>Descriptor form: 8 bytes, and a descriptor of 12 bytes for an information, of 8 for a field.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |code|key |asc |ascq|      0       |more|
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Bit 7 of the fixed form's {@code code} says that the information is valid, as it never is when
 * it takes more than 32 bits. {@code sks} points at the field that is not sound.
 *
 * <p>Source: SPC-4, 4.5; vectors of Linux's own builder. Threads: one.
 */
public final class SenseData {
    /** Bytes of the fixed form. */
    public static final int FIXED_BYTES = 18;

    /** Most bytes of the descriptor form. */
    public static final int MAX_DESCRIPTOR_BYTES = 28;

    /** A bit number that points at a whole byte. */
    public static final int WHOLE_BYTE = 8;

    private static final int NONE = -1;
    private static final int FIXED_CODE = 0x70;
    private static final int DESCRIPTOR_CODE = 0x72;
    private static final int CODE_MASK = 0x7f;
    private static final int VALID = 0x80;
    private static final int KEY_MASK = 0x0f;
    private static final int FIXED_KEY_OFFSET = 2;
    private static final int FIXED_INFORMATION_OFFSET = 3;
    private static final int FIXED_LENGTH_OFFSET = 7;
    private static final int FIXED_ASC_OFFSET = 12;
    private static final int FIXED_SPECIFIC_OFFSET = 15;
    private static final int DESCRIPTOR_HEADER_BYTES = 8;
    private static final int INFORMATION_DESCRIPTOR_BYTES = 12;
    private static final int FIELD_DESCRIPTOR_TYPE = 2;
    private static final int FIELD_DESCRIPTOR_BYTES = 8;
    private static final int SPECIFIC_VALID = 0x80;
    private static final int SPECIFIC_IN_CDB = 0x40;
    private static final int SPECIFIC_BIT_VALID = 0x08;
    private static final long U32 = 0xffff_ffffL;

    private int key;
    private int additional;
    private long information;
    private boolean informed;
    private int field = NONE;
    private int bit;
    private boolean inCdb;

    /** Sets the condition, without information or field. */
    public SenseData set(final int newKey, final int newAdditional) {
        key = newKey;
        additional = newAdditional;
        informed = false;
        field = NONE;
        return this;
    }

    /** Adds an information, for most conditions the block that they are about. */
    public SenseData inform(final long newInformation) {
        information = newInformation;
        informed = true;
        return this;
    }

    /** Points at a byte of the command or of its parameters, and a bit or {@link #WHOLE_BYTE}. */
    public SenseData point(final boolean inCommand, final int byteOffset, final int bitNumber) {
        inCdb = inCommand;
        field = byteOffset;
        bit = bitNumber;
        return this;
    }

    /** The kind: see {@link SenseKey}. */
    public int key() {
        return key;
    }

    /** The detail: see {@link AdditionalSense}. */
    public int additional() {
        return additional;
    }

    /** Whether there is an information. */
    public boolean isInformed() {
        return informed;
    }

    /** The information. */
    public long information() {
        return information;
    }

    /** The byte that it points at; -1 for none. */
    public int field() {
        return field;
    }

    /** The bit that it points at, or {@link #WHOLE_BYTE}. */
    public int bit() {
        return bit;
    }

    /** Whether it points into the command. */
    public boolean isInCdb() {
        return inCdb;
    }

    /** Writes the fixed form, and returns its length in bytes. */
    public int putFixed(final MutableDirectBuffer into, final int offset) {
        into.setMemory(offset, FIXED_BYTES, (byte) 0);
        final boolean valid = informed && information == (information & U32);
        into.putByte(offset, (byte) (FIXED_CODE | (valid ? VALID : 0)));
        into.putByte(offset + FIXED_KEY_OFFSET, (byte) key);
        if (informed) {
            into.putInt(offset + FIXED_INFORMATION_OFFSET, (int) information, BIG_ENDIAN);
        }
        into.putByte(offset + FIXED_LENGTH_OFFSET, (byte) (FIXED_BYTES - FIXED_LENGTH_OFFSET - 1));
        into.putShort(offset + FIXED_ASC_OFFSET, (short) additional, BIG_ENDIAN);
        if (field != NONE) {
            putField(into, offset + FIXED_SPECIFIC_OFFSET);
        }
        return FIXED_BYTES;
    }

    /** Writes the descriptor form, and returns its length in bytes. */
    public int putDescriptors(final MutableDirectBuffer into, final int offset) {
        into.setMemory(offset, MAX_DESCRIPTOR_BYTES, (byte) 0);
        into.putByte(offset, (byte) DESCRIPTOR_CODE);
        into.putByte(offset + 1, (byte) key);
        into.putShort(offset + 2, (short) additional, BIG_ENDIAN);
        int lengthBytes = DESCRIPTOR_HEADER_BYTES;
        if (informed) {
            into.putByte(offset + lengthBytes + 1, (byte) (INFORMATION_DESCRIPTOR_BYTES - 2));
            into.putByte(offset + lengthBytes + 2, (byte) VALID);
            into.putLong(offset + lengthBytes + 4, information, BIG_ENDIAN);
            lengthBytes += INFORMATION_DESCRIPTOR_BYTES;
        }
        if (field != NONE) {
            into.putByte(offset + lengthBytes, (byte) FIELD_DESCRIPTOR_TYPE);
            into.putByte(offset + lengthBytes + 1, (byte) (FIELD_DESCRIPTOR_BYTES - 2));
            putField(into, offset + lengthBytes + 4);
            lengthBytes += FIELD_DESCRIPTOR_BYTES;
        }
        into.putByte(
                offset + DESCRIPTOR_HEADER_BYTES - 1,
                (byte) (lengthBytes - DESCRIPTOR_HEADER_BYTES));
        return lengthBytes;
    }

    private void putField(final MutableDirectBuffer into, final int offset) {
        final int bits = bit == WHOLE_BYTE ? 0 : SPECIFIC_BIT_VALID | bit;
        into.putByte(offset, (byte) (SPECIFIC_VALID | (inCdb ? SPECIFIC_IN_CDB : 0) | bits));
        into.putShort(offset + 1, (short) field, BIG_ENDIAN);
    }

    /**
     * Reads kind and detail of either form, as far as the bytes go.
     *
     * @return false if they are no current sense data; then nothing is said
     */
    public boolean read(final DirectBuffer from, final int offset, final int lengthBytes) {
        set(SenseKey.NO_SENSE, AdditionalSense.NONE);
        if (lengthBytes < 4) {
            return false;
        }
        final int code = from.getByte(offset) & CODE_MASK;
        if (code == DESCRIPTOR_CODE) {
            key = from.getByte(offset + 1) & KEY_MASK;
            additional = from.getShort(offset + 2, BIG_ENDIAN) & 0xffff;
            return true;
        }
        if (code != FIXED_CODE) {
            return false;
        }
        key = from.getByte(offset + FIXED_KEY_OFFSET) & KEY_MASK;
        if (lengthBytes >= FIXED_ASC_OFFSET + Short.BYTES) {
            additional = from.getShort(offset + FIXED_ASC_OFFSET, BIG_ENDIAN) & 0xffff;
        }
        return true;
    }
}
