package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Messages that the peer has yet to read, in order; whoever puts one looks at the count first. */
final class StoreOutbox {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ArrayDeque<ByteBuffer> messages = new ArrayDeque<>();

    /** How many messages wait, the one under way included. */
    int count() {
        return messages.size();
    }

    /** Appends a message; the payload is bytes, one character each. */
    void put(final int type, final int requestId, final int transaction, final String payload) {
        messages.add(ByteBuffer.wrap(StoreMessage.bytes(type, requestId, transaction, payload)));
    }

    /**
     * What is left of the oldest message; empty if there is none. The reader moves its position.
     */
    ByteBuffer oldest() {
        ByteBuffer head = messages.peek();
        while (head != null && !head.hasRemaining()) {
            messages.remove();
            head = messages.peek();
        }
        return head == null ? NOTHING : head;
    }

    void clear() {
        messages.clear();
    }
}
