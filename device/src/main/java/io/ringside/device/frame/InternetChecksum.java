package io.ringside.device.frame;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The checksum of IP, TCP and UDP: the ones' complement of the ones' complement sum of all 16-bit
 * words, the first byte of a word being its higher one.
 *
 * <p>A sum that is not finished yet is an int of 16 bits, so that one can be carried on over
 * several pieces as long as each but the last one is of even length.
 *
 * <p>Threads: any. Source: RFC 1071.
 */
public final class InternetChecksum {
    private static final int WORD_MASK = 0xFFFF;
    private static final long INT_MASK = 0xFFFF_FFFFL;

    private InternetChecksum() {}

    /**
     * Carries a sum on over a piece of memory.
     *
     * @param sum the sum so far, from 0 to 65535
     * @return the new one, from 0 to 65535
     */
    public static int add(
            final int sum, final DirectBuffer buffer, final int offsetBytes, final int count) {
        long total = sum;
        int at = offsetBytes;
        final int end = offsetBytes + count;
        // Words of 32 bits give the same sum once it is folded; 2^32 of them fit into a long.
        for (; end - at >= Integer.BYTES; at += Integer.BYTES) {
            total += buffer.getInt(at, ByteOrder.BIG_ENDIAN) & INT_MASK;
        }
        if (end - at >= Short.BYTES) {
            total += buffer.getShort(at, ByteOrder.BIG_ENDIAN) & WORD_MASK;
            at += Short.BYTES;
        }
        if (end > at) {
            total += (buffer.getByte(at) & 0xFF) << Byte.SIZE;
        }
        return fold(total);
    }

    /** Carries a sum on over one 16-bit word, given as a number. */
    public static int addWord(final int sum, final int word) {
        return fold((long) sum + (word & WORD_MASK));
    }

    private static int fold(final long total) {
        long folded = total;
        while (folded > WORD_MASK) {
            folded = (folded & WORD_MASK) + (folded >>> Short.SIZE);
        }
        return (int) folded;
    }

    /** What stands in a header for a finished sum. */
    public static int finish(final int sum) {
        return ~sum & WORD_MASK;
    }

    /**
     * Does the checksum that {@link FrameMetadata#checksumBlank} speaks of, in a frame that lies in
     * one piece: its field holds the sum of the pseudo header, which takes part in it.
     *
     * @param offsetBytes where the frame starts in the buffer
     * @return whether it is done, the metadata now saying {@link ChecksumState#PRESENT}; false if
     *     the field, or the start, lies outside of the frame: then nothing has changed
     */
    public static boolean fillIn(
            final MutableDirectBuffer buffer,
            final int offsetBytes,
            final int frameBytes,
            final FrameMetadata metadata) {
        final int start = metadata.checksumStartBytes();
        final int field = metadata.checksumOffsetBytes();
        if (start < 0
                || start > frameBytes
                || field < 0
                || field > frameBytes - start - Short.BYTES) {
            return false;
        }
        final int sum = finish(add(0, buffer, offsetBytes + start, frameBytes - start));
        // UDP reads zero as no sum at all; all ones is the same number.
        buffer.putShort(
                offsetBytes + start + field,
                (short) (sum == 0 ? WORD_MASK : sum),
                ByteOrder.BIG_ENDIAN);
        metadata.checksumPresent();
        return true;
    }
}
