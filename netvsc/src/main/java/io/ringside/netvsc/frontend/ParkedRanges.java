package io.ringside.netvsc.frontend;

/**
 * Ranges of received packets that wait for the workload to give frames back, in their order; behind
 * the last of a packet there is its end.
 *
 * <p>Allocated once. Threads: one.
 */
final class ParkedRanges {
    /** Length of what is no range, but the end of its packet. */
    static final int END = -1;

    private final int[] packets;
    private final int[] offsets;
    private final int[] lengths;
    private int first;
    private int count;

    ParkedRanges(final int most) {
        packets = new int[most];
        offsets = new int[most];
        lengths = new int[most];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** For how many more there is room. */
    int freeCount() {
        return packets.length - count;
    }

    /** Adds a range behind all others; only while there is room. */
    void add(final int packet, final int offset, final int lengthBytes) {
        int at = first + count;
        if (at >= packets.length) {
            at -= packets.length;
        }
        packets[at] = packet;
        offsets[at] = offset;
        lengths[at] = lengthBytes;
        count++;
    }

    /** The packet of the first one. */
    int packet() {
        return packets[first];
    }

    /** Where the first one starts in the receive buffer. */
    int offset() {
        return offsets[first];
    }

    /** Bytes of the first one, or {@link #END}. */
    int lengthBytes() {
        return lengths[first];
    }

    /** Part of the first one is done. */
    void advance(final int offset, final int lengthBytes) {
        offsets[first] = offset;
        lengths[first] = lengthBytes;
    }

    /** The first one is done. */
    void remove() {
        first = first + 1 == packets.length ? 0 : first + 1;
        count--;
    }
}
