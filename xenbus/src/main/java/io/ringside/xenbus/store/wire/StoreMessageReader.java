package io.ringside.xenbus.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.XenStoreLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message that comes in, in pieces of any size; there is no room for a second one.
 *
 * <p>A head that announces too long a payload breaks the stream until {@link #reset}. Threads: one.
 */
public final class StoreMessageReader {
    private final byte[] bytes = new byte[StoreMessage.MAX_BYTES];
    private final ByteBuffer space = ByteBuffer.wrap(bytes);
    private final StoreMessage head = new StoreMessage().wrap(new UnsafeBuffer(bytes), 0);
    private int receivedBytes;
    private int expectedBytes = StoreMessage.HEADER_BYTES;
    private boolean headKnown;
    private boolean broken;

    /** An empty one. */
    public StoreMessageReader() {}

    /** Where the next bytes go: up to the end of the head, or of the message; then nowhere. */
    public ByteBuffer space() {
        space.clear();
        space.limit(broken ? receivedBytes : expectedBytes);
        space.position(receivedBytes);
        return space;
    }

    /** Bytes were put. */
    public void received(final int count) {
        if (count < 0 || count > expectedBytes - receivedBytes) {
            throw new IllegalArgumentException("bytes do not fit: count=" + count);
        }
        receivedBytes += count;
        if (headKnown || receivedBytes < StoreMessage.HEADER_BYTES) {
            return;
        }
        headKnown = true;
        final long payloadBytes = head.payloadBytes();
        if (payloadBytes > XenStoreLimits.PAYLOAD_BYTES) {
            broken = true;
        } else {
            expectedBytes += (int) payloadBytes;
        }
    }

    /** Whether the peer announced a message that is too long. */
    public boolean isBroken() {
        return broken;
    }

    /** Whether a message is complete and waits to be taken. */
    public boolean isWhole() {
        return headKnown && !broken && receivedBytes == expectedBytes;
    }

    /** What the message that is whole is. */
    public int type() {
        return head.type();
    }

    /** The number of its request. */
    public int requestId() {
        return head.requestId();
    }

    /** Its transaction. */
    public int transactionId() {
        return head.transactionId();
    }

    /** Takes its payload, one character for a byte, and makes room for the next message. */
    public String takePayload() {
        final String payload =
                new String(
                        bytes,
                        StoreMessage.HEADER_BYTES,
                        receivedBytes - StoreMessage.HEADER_BYTES,
                        StandardCharsets.ISO_8859_1);
        reset();
        return payload;
    }

    /** Forgets what came. */
    public void reset() {
        receivedBytes = 0;
        expectedBytes = StoreMessage.HEADER_BYTES;
        headKnown = false;
        broken = false;
    }
}
