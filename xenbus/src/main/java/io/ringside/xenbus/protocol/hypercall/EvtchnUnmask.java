package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_unmask}: 4 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+
 *    0  |        port       |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code evtchn_unmask}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnUnmask {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 4;

    private static final int PORT_OFFSET = 0;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnUnmask wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnUnmask port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
