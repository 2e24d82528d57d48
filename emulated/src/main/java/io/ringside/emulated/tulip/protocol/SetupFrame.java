package io.ringside.emulated.tulip.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The 192 bytes that tell a 21140 which addresses it hears: 48 words of 32 bits, of which the low
 * 16 bits count.
 *
 * <pre>
 *   perfect or inverse   16 entries of 3 words: an address, the first byte on the wire lowest
 *   hash                 words 0 to 31: 512 bits, named by the low 9 bits of an address's CRC;
 *                        words 39 to 41: the station's address
 * </pre>
 *
 * <p>A driver writes each 16 bits into both halves of a word. Source: {@code setupFrame} of {@code
 * tulip.json}; DECchip 21140A Hardware Reference Manual, 4.2.3.
 */
public final class SetupFrame {
    /** Bytes of a setup frame. */
    public static final int BYTES = 192;

    /** How many addresses it holds. */
    public static final int ENTRIES = 16;

    /** Bytes of one of them. */
    public static final int ENTRY_BYTES = 12;

    /** How many words the table of hashes has. */
    public static final int HASH_WORDS = 32;

    /** Which entry the station's address is when there is a table of hashes. */
    public static final int HASH_STATION = 13;

    private static final int WORDS = 3;
    private static final int WORD_MASK = 0xFFFF;

    private SetupFrame() {}

    /** The address of an entry: 48 bits, the first byte on the wire the highest. */
    public static long address(final DirectBuffer frame, final int entry) {
        long address = 0;
        for (int i = 0; i < WORDS; i++) {
            final short pair = (short) word(frame, entry * WORDS + i);
            address = address << Short.SIZE | Short.reverseBytes(pair) & WORD_MASK;
        }
        return address;
    }

    /** Sets the address of an entry. */
    public static void address(
            final MutableDirectBuffer frame, final int entry, final long address) {
        for (int i = 0; i < WORDS; i++) {
            final short pair = (short) (address >>> (WORDS - 1 - i) * Short.SIZE);
            word(frame, entry * WORDS + i, Short.reverseBytes(pair) & WORD_MASK);
        }
    }

    /** The 16 bits that count in a word. */
    public static int word(final DirectBuffer frame, final int index) {
        return frame.getInt(index * Integer.BYTES, ByteOrder.LITTLE_ENDIAN) & WORD_MASK;
    }

    /** Sets both halves of a word. */
    public static void word(final MutableDirectBuffer frame, final int index, final int value) {
        frame.putInt(index * Integer.BYTES, value << Short.SIZE | value, ByteOrder.LITTLE_ENDIAN);
    }
}
