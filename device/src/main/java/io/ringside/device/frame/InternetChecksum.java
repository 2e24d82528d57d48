package io.ringside.device.frame;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

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
    private static final int BLOCK_BYTES = 32;

    /** All memory: after one check of bounds, words of it go without any more. */
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfLong WORDS =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private InternetChecksum() {}

    /**
     * Carries a sum on over a piece of memory.
     *
     * @param sum the sum so far, from 0 to 65535
     * @return the new one, from 0 to 65535
     */
    public static int add(
            final int sum, final DirectBuffer buffer, final int offsetBytes, final int count) {
        // Bytes swapped in every word give the same sum with its bytes swapped; halves of 32 bits
        // give the same one once it is folded, and 2^32 of them fit into a long.
        long low = swap(sum);
        long high = 0;
        int at = offsetBytes;
        final int end = offsetBytes + count;
        if (count >= BLOCK_BYTES && buffer.byteArray() == null) {
            buffer.boundsCheck(at, count);
            final int blocksBytes = count & -BLOCK_BYTES;
            high = blocks(buffer.addressOffset() + at, blocksBytes);
            at += blocksBytes;
        }
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            final long words = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            low += words & INT_MASK;
            high += words >>> Integer.SIZE;
        }
        if (end - at >= Integer.BYTES) {
            low += buffer.getInt(at, ByteOrder.LITTLE_ENDIAN) & INT_MASK;
            at += Integer.BYTES;
        }
        if (end - at >= Short.BYTES) {
            low += buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & WORD_MASK;
            at += Short.BYTES;
        }
        if (end > at) {
            low += buffer.getByte(at) & 0xFF;
        }
        return swap(fold(low + high));
    }

    /** Halves of 32 bits of so many whole blocks outside of Java's heap, four words at a time. */
    private static long blocks(final long address, final int count) {
        long first = 0;
        long second = 0;
        for (int at = 0; at < count; at += BLOCK_BYTES) {
            final long a = ALL.get(WORDS, address + at);
            final long b = ALL.get(WORDS, address + at + 8);
            final long c = ALL.get(WORDS, address + at + 16);
            final long d = ALL.get(WORDS, address + at + 24);
            first += (a & INT_MASK) + (a >>> Integer.SIZE) + (b & INT_MASK) + (b >>> Integer.SIZE);
            second += (c & INT_MASK) + (c >>> Integer.SIZE) + (d & INT_MASK) + (d >>> Integer.SIZE);
        }
        return first + second;
    }

    private static int swap(final int sum) {
        return (sum << Byte.SIZE | sum >>> Byte.SIZE) & WORD_MASK;
    }

    /**
     * The sum of a stretch of a frame in pieces, however odd the pieces are.
     *
     * @param startBytes where it starts, from the start of the frame
     * @param count how many bytes; they end within the frame
     */
    public static int sum(final FrameBytes frame, final int startBytes, final int count) {
        int sum = 0;
        int skipped = startBytes;
        int left = count;
        boolean odd = false;
        for (int i = 0; i < frame.segmentCount() && left > 0; i++) {
            final UnsafeBuffer segment = frame.segment(i);
            if (skipped >= segment.capacity()) {
                skipped -= segment.capacity();
                continue;
            }
            final int lengthBytes = Math.min(segment.capacity() - skipped, left);
            final int piece = add(0, segment, skipped, lengthBytes);
            sum = addWord(sum, odd ? swap(piece) : piece);
            odd ^= (lengthBytes & 1) != 0;
            left -= lengthBytes;
            skipped = 0;
        }
        return sum;
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
        if (!liesWithin(start, field, frameBytes)) {
            return false;
        }
        buffer.putShort(
                offsetBytes + start + field,
                (short) written(add(0, buffer, offsetBytes + start, frameBytes - start)),
                ByteOrder.BIG_ENDIAN);
        metadata.checksumPresent();
        return true;
    }

    private static boolean liesWithin(final int start, final int field, final int frameBytes) {
        return start >= 0
                && start <= frameBytes
                && field >= 0
                && field <= frameBytes - start - Short.BYTES;
    }

    /** UDP reads zero as no sum at all; all ones is the same number. */
    private static int written(final int sum) {
        return sum == WORD_MASK ? WORD_MASK : finish(sum);
    }

    /** Does the same in a frame in pieces, each of which is memory that may be written. */
    public static boolean fillIn(final FrameBytes frame, final FrameMetadata metadata) {
        final int start = metadata.checksumStartBytes();
        final int field = metadata.checksumOffsetBytes();
        final int frameBytes = frame.totalBytes();
        if (!liesWithin(start, field, frameBytes)) {
            return false;
        }
        final int word = written(sum(frame, start, frameBytes - start));
        putByte(frame, start + field, word >>> Byte.SIZE);
        putByte(frame, start + field + 1, word);
        metadata.checksumPresent();
        return true;
    }

    private static void putByte(final FrameBytes frame, final int offsetBytes, final int value) {
        int at = offsetBytes;
        int i = 0;
        while (at >= frame.segment(i).capacity()) {
            at -= frame.segment(i).capacity();
            i++;
        }
        frame.segment(i).putByte(at, (byte) value);
    }
}
