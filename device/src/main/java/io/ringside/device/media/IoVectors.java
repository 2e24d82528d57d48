package io.ringside.device.media;

import io.ringside.device.host.StoreRequest;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is left of a request, as the vectors that preadv(2) and pwritev(2) take.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                 address               |   one vector for each
 *       +----+----+----+----+----+----+----+----+   piece of memory
 *    8  |             length in bytes           |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>A call may move fewer bytes than asked: then the rest is laid out anew. Source: {@code struct
 * iovec}, readv(2), on a 64-bit system. Threads: one.
 */
final class IoVectors {
    /** Most vectors that one call takes: {@code IOV_MAX} of Linux. */
    static final int MAX_COUNT = 1024;

    private static final int ADDRESS_OFFSET = 0;
    private static final int LENGTH_OFFSET = ADDRESS_OFFSET + Long.BYTES;
    private static final int VECTOR_BYTES = LENGTH_OFFSET + Long.BYTES;

    private final UnsafeBuffer vectors =
            new UnsafeBuffer(
                    BufferUtil.allocateDirectAligned(MAX_COUNT * VECTOR_BYTES, Long.BYTES));

    /** The first piece that has not been moved in full, and how much of it has been. */
    private int segment;

    private int segmentDone;

    /** Starts with all of a request. */
    void start() {
        segment = 0;
        segmentDone = 0;
    }

    /** Lays out what is left, at most {@link #MAX_COUNT} pieces, and returns how many. */
    int layOut(final StoreRequest request) {
        return layOut(request, Long.MAX_VALUE);
    }

    /** Lays out at most so many bytes of what is left, and returns in how many pieces. */
    int layOut(final StoreRequest request, final long maxBytes) {
        int count = 0;
        int done = segmentDone;
        long left = maxBytes;
        for (int i = segment; i < request.segmentCount() && count < MAX_COUNT && left > 0; i++) {
            final UnsafeBuffer piece = request.segment(i);
            final long lengthBytes = Math.min(left, piece.capacity() - done);
            if (lengthBytes > 0) {
                put(count, piece.addressOffset() + done, lengthBytes);
                left -= lengthBytes;
                count++;
            }
            done = 0;
        }
        return count;
    }

    /** Lays out one piece of memory that belongs to no request. */
    void layOut(final long address, final long lengthBytes) {
        put(0, address, lengthBytes);
    }

    private void put(final int vector, final long address, final long lengthBytes) {
        vectors.putLong(vector * VECTOR_BYTES + ADDRESS_OFFSET, address);
        vectors.putLong(vector * VECTOR_BYTES + LENGTH_OFFSET, lengthBytes);
    }

    /** Makes the next bytes of what is left zero, and takes them off. */
    void clear(final StoreRequest request, final long lengthBytes) {
        long left = lengthBytes;
        while (left > 0 && segment < request.segmentCount()) {
            final UnsafeBuffer piece = request.segment(segment);
            final int count = (int) Math.min(left, piece.capacity() - segmentDone);
            piece.setMemory(segmentDone, count, (byte) 0);
            moved(request, count);
            left -= count;
        }
    }

    /** Takes off what a call has moved. */
    void moved(final StoreRequest request, final long lengthBytes) {
        long left = lengthBytes;
        while (left > 0 && segment < request.segmentCount()) {
            final int rest = request.segment(segment).capacity() - segmentDone;
            if (left < rest) {
                segmentDone += (int) left;
                left = 0;
            } else {
                left -= rest;
                segment++;
                segmentDone = 0;
            }
        }
    }

    /** Where the vectors lie. */
    long address() {
        return vectors.addressOffset();
    }

    /** Address that one vector names. */
    long address(final int vector) {
        return vectors.getLong(vector * VECTOR_BYTES + ADDRESS_OFFSET);
    }

    /** Bytes that one vector names. */
    long lengthBytes(final int vector) {
        return vectors.getLong(vector * VECTOR_BYTES + LENGTH_OFFSET);
    }
}
