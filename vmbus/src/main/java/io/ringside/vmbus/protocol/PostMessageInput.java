package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The input of HvPostMessage: 256 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  connection id    |         0         |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  message type     |   payload size    |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  payload, 240 bytes                   |
 *       +---------------------------------------+
 * </pre>
 *
 * <p>Source: {@code hv_input_post_message}, asm-generic/hyperv-tlfs.h. Threads: one flyweight per
 * thread.
 */
public final class PostMessageInput {
    private static final int CONNECTION_ID_OFFSET = 0;
    private static final int RESERVED_OFFSET = CONNECTION_ID_OFFSET + Integer.BYTES;
    private static final int MESSAGE_TYPE_OFFSET = RESERVED_OFFSET + Integer.BYTES;
    private static final int PAYLOAD_SIZE_OFFSET = MESSAGE_TYPE_OFFSET + Integer.BYTES;

    /** Where the payload starts. */
    public static final int PAYLOAD_OFFSET = PAYLOAD_SIZE_OFFSET + Integer.BYTES;

    /** The most that a message carries. */
    public static final int MAX_PAYLOAD_BYTES = 240;

    /** Bytes of the input. */
    public static final int BYTES = PAYLOAD_OFFSET + MAX_PAYLOAD_BYTES;

    /** The message type of VMBus. */
    public static final int CHANNEL_MESSAGE = 1;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over 256 bytes. */
    public PostMessageInput wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, BYTES);
        return this;
    }

    /** Writes the head of a message of VMBus; the payload is written apart. */
    public void put(final int connectionId, final int payloadBytes) {
        buffer.putInt(CONNECTION_ID_OFFSET, connectionId, LITTLE_ENDIAN);
        buffer.putInt(RESERVED_OFFSET, 0, LITTLE_ENDIAN);
        buffer.putInt(MESSAGE_TYPE_OFFSET, CHANNEL_MESSAGE, LITTLE_ENDIAN);
        buffer.putInt(PAYLOAD_SIZE_OFFSET, payloadBytes, LITTLE_ENDIAN);
    }

    /** Where the message goes. */
    public int connectionId() {
        return buffer.getInt(CONNECTION_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Must be zero. */
    public int reserved() {
        return buffer.getInt(RESERVED_OFFSET, LITTLE_ENDIAN);
    }

    /** Anything but zero, without the top bit. */
    public int messageType() {
        return buffer.getInt(MESSAGE_TYPE_OFFSET, LITTLE_ENDIAN);
    }

    /** At most 240, if the caller is sound. */
    public long payloadBytes() {
        return buffer.getInt(PAYLOAD_SIZE_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }
}
