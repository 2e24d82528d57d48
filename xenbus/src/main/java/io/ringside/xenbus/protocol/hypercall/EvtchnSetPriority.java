package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_set_priority}: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        port       |      priority     |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code evtchn_set_priority}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnSetPriority {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 8;

    private static final int PORT_OFFSET = 0;
    private static final int PRIORITY_OFFSET = 4;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnSetPriority wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnSetPriority port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The priority, 0 the most urgent. */
    public int priority() {
        return buffer.getInt(PRIORITY_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #priority()}. */
    public EvtchnSetPriority priority(final int priority) {
        buffer.putInt(PRIORITY_OFFSET, priority, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
