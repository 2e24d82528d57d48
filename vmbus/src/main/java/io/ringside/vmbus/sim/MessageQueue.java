package io.ringside.vmbus.sim;

import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.synic.MessagePort;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A bounded queue of messages of up to 240 bytes, in memory of its own.
 *
 * <p>Threads: any; it locks briefly.
 */
final class MessageQueue {
    private final UnsafeBuffer[] messages;
    private final int[] lengths;
    private final int[] sources;
    private int oldest;
    private int count;

    MessageQueue(final int capacity) {
        messages = new UnsafeBuffer[capacity];
        lengths = new int[capacity];
        sources = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            messages[i] = new UnsafeBuffer(new byte[PostMessageInput.MAX_PAYLOAD_BYTES]);
        }
    }

    /** Appends a message; false if there is no room. */
    synchronized boolean put(
            final int source, final DirectBuffer payload, final int offset, final int length) {
        if (count == messages.length) {
            return false;
        }
        final int at = (oldest + count) % messages.length;
        messages[at].putBytes(0, payload, offset, length);
        lengths[at] = length;
        sources[at] = source;
        count++;
        return true;
    }

    /** Takes the oldest message; its length, or {@link MessagePort#NONE}. */
    synchronized int take(final MutableDirectBuffer target, final int offset) {
        if (count == 0) {
            return MessagePort.NONE;
        }
        final int at = oldest;
        target.putBytes(offset, messages[at], 0, lengths[at]);
        drop();
        return lengths[at];
    }

    /** The oldest message, until it is dropped. */
    synchronized UnsafeBuffer oldest() {
        return messages[oldest];
    }

    synchronized int oldestLength() {
        return lengths[oldest];
    }

    synchronized int oldestSource() {
        return sources[oldest];
    }

    synchronized void drop() {
        oldest = (oldest + 1) % messages.length;
        count--;
    }

    synchronized int count() {
        return count;
    }

    synchronized void clear() {
        count = 0;
    }
}
