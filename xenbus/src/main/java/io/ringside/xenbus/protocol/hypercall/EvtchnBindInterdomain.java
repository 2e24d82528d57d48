package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code EVTCHNOP_bind_interdomain}: 12 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  remote |    -    |    remote port    |
 *       +----+----+----+----+----+----+----+----+
 *    8  |     local port    |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The local port is the answer.
 *
 * <p>Source: {@code evtchn_bind_interdomain}, xen/event_channel.h. Threads: one flyweight per
 * thread.
 */
public final class EvtchnBindInterdomain {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 12;

    private static final int REMOTE_DOMAIN_OFFSET = 0;
    private static final int REMOTE_PORT_OFFSET = 4;
    private static final int LOCAL_PORT_OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public EvtchnBindInterdomain wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The domain at the other end. */
    public int remoteDomain() {
        return buffer.getShort(REMOTE_DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #remoteDomain()}. */
    public EvtchnBindInterdomain remoteDomain(final int remoteDomain) {
        buffer.putShort(REMOTE_DOMAIN_OFFSET, (short) remoteDomain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The port at the other end. */
    public int remotePort() {
        return buffer.getInt(REMOTE_PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #remotePort()}. */
    public EvtchnBindInterdomain remotePort(final int remotePort) {
        buffer.putInt(REMOTE_PORT_OFFSET, remotePort, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Our own port. */
    public int localPort() {
        return buffer.getInt(LOCAL_PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #localPort()}. */
    public EvtchnBindInterdomain localPort(final int localPort) {
        buffer.putInt(LOCAL_PORT_OFFSET, localPort, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
