package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The data pages of a ring: any whole number of them, mapped once (plain) or twice in a row
 * (mirrored).
 *
 * <pre>
 *   plain     | page 0 | page 1 | page 2 |
 *   mirrored  | page 0 | page 1 | page 2 | page 0 | page 1 | page 2 |
 *              0                          dataBytes                  straightBytes
 * </pre>
 *
 * <p>What ends at or before {@code straightBytes} is straight: it is moved in one piece. Anything
 * else is moved in two.
 *
 * <p>Threads: no state of its own; the memory belongs to the ring's ends.
 */
final class DataArea {
    /** The data size is a multiple of this. */
    static final int PAGE_BYTES = 4096;

    /** The data size is at most this, so that no sum of an index and a length overflows. */
    static final int LARGEST_BYTES = 1 << 30;

    private static final int WORD_MASK = Long.BYTES - 1;

    private final UnsafeBuffer buffer;
    private final int dataBytes;
    private final int straightBytes;

    DataArea(final UnsafeBuffer buffer, final int dataBytes) {
        if (dataBytes < PAGE_BYTES || dataBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("not whole pages: dataBytes=" + dataBytes);
        }
        if (dataBytes > LARGEST_BYTES) {
            throw new IllegalArgumentException("too many pages: dataBytes=" + dataBytes);
        }
        if (buffer.capacity() != dataBytes && buffer.capacity() != 2L * dataBytes) {
            throw new IllegalArgumentException(
                    "neither plain nor mirrored: dataBytes="
                            + dataBytes
                            + " capacity="
                            + buffer.capacity());
        }
        buffer.verifyAlignment();
        this.buffer = buffer;
        this.dataBytes = dataBytes;
        this.straightBytes = buffer.capacity();
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int dataBytes() {
        return dataBytes;
    }

    int straightBytes() {
        return straightBytes;
    }

    /** The largest packet that an empty ring takes: with its trailer it must leave 8 bytes free. */
    int largestPacketBytes() {
        return Math.min(
                dataBytes - PacketDescriptor.TRAILER_BYTES - Long.BYTES,
                PacketDescriptor.LARGEST_PACKET_BYTES);
    }

    /** Whether an index, as a peer stored it, can be one. */
    boolean isIndex(final long index) {
        return index < dataBytes && (index & WORD_MASK) == 0;
    }

    /** Bytes to go from one index to another, forward; 0 if they are equal. */
    int distance(final int from, final int to) {
        return to >= from ? to - from : to - from + dataBytes;
    }

    /** The index {@code bytes} further on, for less than a whole round. */
    int after(final int index, final int bytes) {
        return reduced(index + bytes);
    }

    private int reduced(final int index) {
        return index < dataBytes ? index : index - dataBytes;
    }

    /** One aligned word: never split, wherever it lies. */
    void putWord(final int index, final long word) {
        buffer.putLong(reduced(index), word, LITTLE_ENDIAN);
    }

    /** One aligned word: never split, wherever it lies. */
    long word(final int index) {
        return buffer.getLong(reduced(index), LITTLE_ENDIAN);
    }

    /** Copies in, in one piece or two. The index may be one round too high. */
    void put(final int index, final DirectBuffer source, final int sourceOffset, final int length) {
        final int at = reduced(index);
        final int first = Math.min(length, straightBytes - at);
        buffer.putBytes(at, source, sourceOffset, first);
        if (first < length) {
            buffer.putBytes(0, source, sourceOffset + first, length - first);
        }
    }

    /** Copies out, in one piece or two. The index may be one round too high. */
    void get(
            final int index,
            final MutableDirectBuffer destination,
            final int destinationOffset,
            final int length) {
        final int at = reduced(index);
        final int first = Math.min(length, straightBytes - at);
        destination.putBytes(destinationOffset, buffer, at, first);
        if (first < length) {
            destination.putBytes(destinationOffset + first, buffer, 0, length - first);
        }
    }
}
