package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.XenStoreLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message that comes in, in pieces of any size; there is no room for a second one.
 *
 * <p>A head that announces too long a payload breaks the stream for good.
 */
final class StoreInbox {
    private final byte[] bytes = new byte[StoreMessage.MAX_BYTES];
    private final ByteBuffer space = ByteBuffer.wrap(bytes);
    private final StoreMessage head = new StoreMessage().wrap(new UnsafeBuffer(bytes), 0);
    private int receivedBytes;
    private int expectedBytes = StoreMessage.HEADER_BYTES;
    private boolean headKnown;
    private boolean broken;

    /** Where the next bytes go: up to the end of the head, or of the message; then nowhere. */
    ByteBuffer space() {
        space.clear();
        space.limit(broken ? receivedBytes : expectedBytes);
        space.position(receivedBytes);
        return space;
    }

    /** Bytes were put. */
    void received(final int count) {
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

    boolean isBroken() {
        return broken;
    }

    /** Whether a message is complete and waits to be taken. */
    boolean isWhole() {
        return headKnown && !broken && receivedBytes == expectedBytes;
    }

    /** Takes the message, and makes room for the next. */
    StoreRequest take() {
        final String payload =
                new String(
                        bytes,
                        StoreMessage.HEADER_BYTES,
                        receivedBytes - StoreMessage.HEADER_BYTES,
                        StandardCharsets.ISO_8859_1);
        receivedBytes = 0;
        expectedBytes = StoreMessage.HEADER_BYTES;
        headKnown = false;
        return new StoreRequest(head.type(), head.requestId(), head.transactionId(), payload);
    }
}
