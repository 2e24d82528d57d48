package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets of the guest whose frames wait until the port has room, the oldest first: so many, and no
 * more. What a packet said of its bytes is copied; the bytes stay where they are.
 *
 * <p>Threads: one.
 */
final class ParkedPackets {
    private static final int HEADER_BYTES =
            GpaDirectHeader.bytes(GatheredBytes.MOST_PAGES, GatheredBytes.MOST_PAGES);

    private final UnsafeBuffer headers;
    private final int[] headerBytes;
    private final int[] rangeCounts;
    private final long[] transactionIds;
    private final boolean[] completions;
    private final int[] sections;
    private final long[] sectionBytes;
    private final GpaDirectHeader ranges = new GpaDirectHeader();
    private final int capacity;
    private int first;
    private int count;
    private int position; // In the oldest one.
    private int messages;

    ParkedPackets(final int capacity) {
        this.capacity = capacity;
        this.headers = new UnsafeBuffer(new byte[capacity * HEADER_BYTES]);
        this.headerBytes = new int[capacity];
        this.rangeCounts = new int[capacity];
        this.transactionIds = new long[capacity];
        this.completions = new boolean[capacity];
        this.sections = new int[capacity];
        this.sectionBytes = new long[capacity];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Forgets all of them: nobody waits for an answer. */
    void clear() {
        count = 0;
    }

    /**
     * Keeps the packet that a ring took last, from one of its messages on.
     *
     * @return false if there are too many
     */
    boolean add(
            final IncomingRing ring,
            final NvspMessage message,
            final int fromPosition,
            final int messagesBefore) {
        if (count == capacity) {
            return false;
        }
        final int slot = (first + count) % capacity;
        final boolean hasPages = ring.type() == PacketType.GPA_DIRECT;
        rangeCounts[slot] = hasPages ? ring.rangeCount() : 0;
        headerBytes[slot] = hasPages ? Math.min(ring.headerBytes(), HEADER_BYTES) : 0;
        headers.putBytes(
                slot * HEADER_BYTES, ring.buffer(), ring.headerOffset(), headerBytes[slot]);
        transactionIds[slot] = ring.transactionId();
        completions[slot] = ring.isCompletionRequested();
        sections[slot] = message.section();
        sectionBytes[slot] = message.sectionBytes();
        if (count == 0) {
            keep(fromPosition, messagesBefore);
        }
        count++;
        return true;
    }

    /** The oldest goes on from there. */
    void keep(final int newPosition, final int newMessages) {
        position = newPosition;
        messages = newMessages;
    }

    int section() {
        return sections[first];
    }

    long sectionBytes() {
        return sectionBytes[first];
    }

    /** Adds the pages of the oldest one; they were sound when it came. */
    boolean addPagesTo(final GatheredBytes bytes) {
        return rangeCounts[first] == 0
                || bytes.addPages(
                        ranges.wrap(
                                headers,
                                first * HEADER_BYTES,
                                headerBytes[first],
                                rangeCounts[first]));
    }

    int position() {
        return position;
    }

    int messages() {
        return messages;
    }

    long transactionId() {
        return transactionIds[first];
    }

    boolean isCompletionRequested() {
        return completions[first];
    }

    /** The oldest one is done. */
    void remove() {
        first = (first + 1) % capacity;
        count--;
        keep(0, 0);
    }
}
