package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_bind_pirq}: 12 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        pirq       |       flags       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |        port       |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The port is the answer.
 *
 * <p>Source: {@code evtchn_bind_pirq}, xen/event_channel.h. Threads: one flyweight per thread.
 */
public final class EvtchnBindPirq {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 12;

    private static final int PIRQ_OFFSET = 0;
    private static final int FLAGS_OFFSET = 4;
    private static final int PORT_OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnBindPirq wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The physical interrupt line. */
    public int pirq() {
        return buffer.getInt(PIRQ_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #pirq()}. */
    public EvtchnBindPirq pirq(final int pirq) {
        buffer.putInt(PIRQ_OFFSET, pirq, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** 1 if the line may be shared. */
    public int flags() {
        return buffer.getInt(FLAGS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #flags()}. */
    public EvtchnBindPirq flags(final int flags) {
        buffer.putInt(FLAGS_OFFSET, flags, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The port. */
    public int port() {
        return buffer.getInt(PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #port()}. */
    public EvtchnBindPirq port(final int port) {
        buffer.putInt(PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
