package io.ringside.netvsc.backend;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * RNDIS messages to the guest that are no frames: so many that wait for room, and no more.
 *
 * <p>Threads: one.
 */
final class ControlOutbox {
    /** Most bytes of one message. */
    static final int MESSAGE_BYTES = 512;

    /** Most messages that wait. */
    static final int MESSAGES = 16;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[MESSAGES * MESSAGE_BYTES]);
    private final int[] lengths = new int[MESSAGES];
    private int first;
    private int count;

    boolean isFull() {
        return count == MESSAGES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    UnsafeBuffer memory() {
        return memory;
    }

    /** Where the next message is to be written; only while it is not full. */
    int freeOffset() {
        return (first + count) % MESSAGES * MESSAGE_BYTES;
    }

    /** The message at {@link #freeOffset} is written. */
    void add(final int lengthBytes) {
        lengths[(first + count) % MESSAGES] = lengthBytes;
        count++;
    }

    /** Where the oldest message is; only while there is one. */
    int firstOffset() {
        return first * MESSAGE_BYTES;
    }

    /** Length of the oldest message. */
    int firstBytes() {
        return lengths[first];
    }

    /** The oldest message has left. */
    void remove() {
        first = (first + 1) % MESSAGES;
        count--;
    }

    /** Forgets all of them. */
    void clear() {
        count = 0;
    }
}
