package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;

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
        final byte[] bytes = new byte[StoreMessage.HEADER_BYTES + payload.length()];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        new StoreMessage()
                .wrap(buffer, 0)
                .type(type)
                .requestId(requestId)
                .transactionId(transaction)
                .payloadBytes(payload.length());
        buffer.putBytes(StoreMessage.HEADER_BYTES, payload.getBytes(StandardCharsets.ISO_8859_1));
        messages.add(ByteBuffer.wrap(bytes));
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
