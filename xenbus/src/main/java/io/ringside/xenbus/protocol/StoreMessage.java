package io.ringside.xenbus.protocol;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The head of every message of the xenstore: 16 bytes, little-endian; the payload follows.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |       type        |    request id     |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  transaction id   |  payload length   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  payload, at most 4096 bytes ...
 * </pre>
 *
 * <p>The request id is the sender's own, and only repeated. Source: {@code xsd_sockmsg},
 * xen/io/xs_wire.h. Threads: one flyweight per thread.
 */
public final class StoreMessage {
    private static final int TYPE_OFFSET = 0;
    private static final int REQUEST_ID_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final int TRANSACTION_ID_OFFSET = REQUEST_ID_OFFSET + Integer.BYTES;
    private static final int LENGTH_OFFSET = TRANSACTION_ID_OFFSET + Integer.BYTES;

    /** Bytes of the head, and the offset of the payload. */
    public static final int HEADER_BYTES = LENGTH_OFFSET + Integer.BYTES;

    /** Bytes of the longest message. */
    public static final int MAX_BYTES = HEADER_BYTES + XenStoreLimits.PAYLOAD_BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** A whole message of its own; the payload is bytes, one character each. */
    public static byte[] bytes(
            final int type, final int requestId, final int transactionId, final String payload) {
        final byte[] bytes = new byte[HEADER_BYTES + payload.length()];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        new StoreMessage()
                .wrap(buffer, 0)
                .type(type)
                .requestId(requestId)
                .transactionId(transactionId)
                .payloadBytes(payload.length());
        buffer.putBytes(HEADER_BYTES, payload.getBytes(StandardCharsets.ISO_8859_1));
        return bytes;
    }

    /** Lays the view over a message. */
    public StoreMessage wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, HEADER_BYTES);
        return this;
    }

    /** What is asked for: a {@link StoreMessageType}, or any other number. */
    public int type() {
        return buffer.getInt(TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets what is asked for. */
    public StoreMessage type(final int type) {
        buffer.putInt(TYPE_OFFSET, type, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The sender's own number for the request. */
    public int requestId() {
        return buffer.getInt(REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets the sender's own number for the request. */
    public StoreMessage requestId(final int requestId) {
        buffer.putInt(REQUEST_ID_OFFSET, requestId, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The transaction, 0 for none. */
    public int transactionId() {
        return buffer.getInt(TRANSACTION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets the transaction. */
    public StoreMessage transactionId(final int transactionId) {
        buffer.putInt(TRANSACTION_ID_OFFSET, transactionId, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How many bytes of payload follow, as the sender says. */
    public long payloadBytes() {
        return buffer.getInt(LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets how many bytes of payload follow. */
    public StoreMessage payloadBytes(final int payloadBytes) {
        buffer.putInt(LENGTH_OFFSET, payloadBytes, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
